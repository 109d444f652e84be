import { fileURLToPath } from 'node:url';

/** Node 24 runs the tests as ES modules; swc only strips types and emits decorator metadata. */
const base = {
  setupFilesAfterEnv: [fileURLToPath(new URL('jest.setup.js', import.meta.url))],
  testEnvironment: fileURLToPath(new URL('jest.environment.js', import.meta.url)),
  testEnvironmentOptions: { customExportConditions: ['sluice-source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
      },
    ],
  },
};

const project = (displayName, rootDir) => ({
  ...base,
  displayName,
  rootDir,
  testMatch: ['<rootDir>/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
});

export default {
  // A server with its store starts in seconds on a busy machine; no test waits by time.
  testTimeout: 120_000,
  // Jest keeps modules of suites that are over; past this, collecting garbage costs more than another process.
  workerIdleMemoryLimit: '600MB',
  projects: [
    project('sdk', '<rootDir>/sdk'),
    project('server', '<rootDir>/server'),
    project('cli', '<rootDir>/cli'),
    project('shadow', '<rootDir>/shadow'),
    project('web', '<rootDir>/web'),
    project('examples', '<rootDir>/examples'),
    project('bench', '<rootDir>/bench'),
    project('scripts', '<rootDir>/scripts'),
  ],
};
