import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run-command.ts';
import { compose } from './compose.ts';
import { makeDirectory, removeDirectory } from './local-process.ts';
import { keepRunning, type Service } from './service.ts';

/** The name to start Prometheus by, if it is installed. */
export async function findPrometheus(): Promise<string | undefined> {
  return (await isRunnable('prometheus')) ? 'prometheus' : undefined;
}

/** Suites start Prometheus themselves, each with its own targets: they are given the program. */
export function offerPrometheus(program: string): Promise<Service> {
  return Promise.resolve({ address: program, stop: keepRunning });
}

/**
 * Takes the program, and promtool with it, out of the image of compose.yml: in a container it would not reach what
 * tests serve on the loopback interface. Undefined where the image's program does not run, as on macOS.
 */
export async function copyPrometheus(): Promise<Service | undefined> {
  const directory = makeDirectory('prometheus', undefined);
  const program = join(directory, 'prometheus');
  const stop = async (): Promise<void> => {
    await compose('rm', '--stop', '--force', '-v', 'prometheus');
    removeDirectory(directory);
  };
  const copied =
    (await takeOut('/bin/prometheus', program)) || (await takeOut('/bin/promtool', join(directory, 'promtool')));
  if (copied === '' && (await isRunnable(program))) return { address: program, stop };
  await stop();
  if (copied === '') return undefined;
  throw new Error(`docker compose could not provide prometheus:\n${copied}`);
}

/** Answers what went wrong; '' when nothing did. */
async function takeOut(path: string, to: string): Promise<string> {
  const commands = [
    ['up', '-d', 'prometheus'],
    ['cp', `prometheus:${path}`, to],
  ];
  for (const command of commands) {
    const { exitCode, output } = await compose(...command);
    if (exitCode !== 0) return output || `docker compose ${command.join(' ')} failed`;
  }
  chmodSync(to, 0o755);
  return '';
}

async function isRunnable(program: string): Promise<boolean> {
  return (await run(program, ['--version'], { isQuiet: true })).exitCode === 0;
}
