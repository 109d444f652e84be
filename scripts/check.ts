/** `npm run check`: everything that can be said about the code without running it for real. */
import { join } from 'node:path';
import { repository, run } from './run-command.ts';

interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Its figures are of interest also when all is well. */
  readonly isShown?: boolean;
}

const bin = (path: string): [string, string] => [process.execPath, join(repository, 'node_modules', path)];

/** Types come first: they build what lint, contracts and the package check look at. */
const steps: readonly Step[] = [
  { name: 'types', command: ['npm', 'run', '--silent', 'build'] },
  { name: 'format', command: [...bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.'] },
  {
    name: 'lint',
    command: [...bin('eslint/bin/eslint.js'), '--max-warnings=0', '.'],
    // It keeps the types of every workspace at once, Prisma's and the protocols' among them.
    env: { NODE_OPTIONS: '--max-old-space-size=8192' },
  },
  {
    name: 'architecture',
    command: [
      ...bin('jest/bin/jest.js'),
      '--selectProjects',
      'server',
      'web',
      '--verbose=false',
      '--testPathPatterns',
      'architecture.spec',
    ],
    env: { NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' },
  },
  { name: 'dead code', command: bin('knip/bin/knip.js') },
  { name: 'contracts', command: [process.execPath, join(import.meta.dirname, 'check-contracts.ts')] },
  { name: 'protocols', command: [process.execPath, join(import.meta.dirname, 'proto-generate.ts'), '--check'] },
  { name: 'queries', command: ['npm', 'run', '--silent', 'check:queries', '-w', 'web'] },
  { name: 'page size', command: ['npm', 'run', '--silent', 'check:size', '-w', 'web'], isShown: true },
  { name: 'advisories', command: [process.execPath, join(import.meta.dirname, 'check-advisories.ts')], isShown: true },
  { name: 'package', command: ['npm', 'run', '--silent', 'check:package', '-w', 'sdk', '-w', 'cli', '-w', 'shadow'] },
];

const failed: string[] = [];
for (const { name, command, env, isShown = false } of steps) {
  const start = performance.now();
  const [program, ...args] = command;
  const { exitCode, output } = await run(program, args, { isQuiet: true, ...(env && { env }) });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${exitCode === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(12)} ${seconds.padStart(5)} s`);
  if (exitCode !== 0) failed.push(name);
  if (exitCode !== 0 || isShown) console.log(output.trimEnd());
}

if (failed.length > 0) {
  console.log(`check failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
