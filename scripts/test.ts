/**
 * `npm test [-- jest's arguments]`: builds, starts what the tests need, runs Jest, and closes with
 * `N passed, N failed, N skipped` from Jest's own report.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { repository, run } from './run-command.ts';
import { startTestServices } from './test-services.ts';
import { closingLine, summarize, type JestReport, type Summary } from './test-summary.ts';

const skippedShown = 50;
const interruptedCode = 130;

let running: ChildProcess | undefined;
let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    isInterrupted = true;
    running?.kill('SIGTERM');
  });
}

process.exitCode = await main(process.argv.slice(2));

async function main(jestArguments: readonly string[]): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-test-report-'));
  try {
    const built = await run('npm', ['run', '--silent', 'build'], { onStart });
    if (built.exitCode !== 0) return fail('the build failed');
    // Only now is there a server to make it with.
    const { packMigratedStore } = await import('./services/migrated-store.ts');
    const { archive, dataDir } = await packMigratedStore(directory);
    const env = { TEST_STORE: archive, TEST_STORE_FOLDER: dataDir };
    const reportFile = join(directory, 'report.json');
    const exitCode = await runJest(jestArguments, reportFile, env);
    if (isInterrupted) return interruptedCode;
    return report(reportFile, exitCode);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function runJest(
  jestArguments: readonly string[],
  reportFile: string,
  storeEnv: Readonly<Record<string, string>>,
): Promise<number> {
  const services = await startTestServices();
  try {
    if (isInterrupted) return interruptedCode;
    const jest = join(repository, 'node_modules/jest/bin/jest.js');
    const args = [jest, '--maxWorkers=3', ...jestArguments, '--json', `--outputFile=${reportFile}`];
    const nodeOptions = `${process.env['NODE_OPTIONS'] ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`;
    const env = { ...services.env, ...storeEnv, NODE_OPTIONS: nodeOptions.trim() };
    return (await run(process.execPath, args, { env, onStart })).exitCode;
  } finally {
    await services.stop();
  }
}

function onStart(child: ChildProcess): void {
  running = child;
}

/** Prints what was skipped and the closing line. Jest's own exit code counts too: it also fails on what is no test. */
function report(reportFile: string, jestExitCode: number): number {
  const summary = readSummary(reportFile);
  if (!summary) return fail(`Jest ended with ${String(jestExitCode)} and left no report`);
  for (const each of summary.skipped.slice(0, skippedShown)) console.log(`skipped: ${relative(repository, each)}`);
  const untold = summary.skipped.length - skippedShown;
  if (untold > 0) console.log(`skipped: ${String(untold)} more`);
  console.log(closingLine(summary));
  return summary.failed > 0 ? 1 : jestExitCode;
}

function readSummary(reportFile: string): Summary | undefined {
  try {
    return summarize(JSON.parse(readFileSync(reportFile, 'utf8')) as JestReport); // Jest wrote it
  } catch {
    return undefined;
  }
}

function fail(reason: string): number {
  console.error(reason);
  console.log(closingLine({ passed: 0, failed: 1, skipped: [] }));
  return isInterrupted ? interruptedCode : 1;
}
