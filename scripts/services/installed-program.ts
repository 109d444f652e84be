import { run } from '../run-command.ts';
import { keepRunning, type Service } from './service.ts';

/** Debian keeps servers where an ordinary user's PATH does not look. */
const directories = ['', '/usr/sbin/', '/usr/local/sbin/'];

/** The first of a program's usual places from which it starts and says its version. */
export async function findProgram(name: string, versionFlag: string): Promise<string | undefined> {
  for (const directory of directories) {
    const program = `${directory}${name}`;
    if ((await run(program, [versionFlag], { isQuiet: true })).exitCode === 0) return program;
  }
  return undefined;
}

/** Suites start it themselves, each with its own configuration: they are given the program. */
export function offerProgram(program: string): Promise<Service> {
  return Promise.resolve({ address: program, stop: keepRunning });
}

/** For a program whose image is no use: in a container it would not reach what tests serve on the loopback interface. */
export function notByCompose(): Promise<undefined> {
  return Promise.resolve(undefined);
}
