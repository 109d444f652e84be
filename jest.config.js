import { fileURLToPath } from 'node:url';

const beside = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Node 24 runs the tests as ES modules; swc only strips types and emits decorator metadata. */
const base = {
  setupFilesAfterEnv: [beside('jest.setup.js')],
  runtime: beside('jest.runtime.js'),
  testEnvironment: beside('jest.environment.js'),
  extensionsToTreatAsEsm: ['.ts'],
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
  testSequencer: beside('jest.sequencer.js'),
  // What suites leave in a process; past this, collecting garbage costs more than another process.
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
