import { globSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run-command.ts';
import { freePort, makeDirectory, removeDirectory, startLocalProcess, unprivilegedAccount } from './local-process.ts';
import type { Service } from './service.ts';

const database = 'sluice_test';
/** What a crash would lose does not matter to a test; the rest is speed. */
const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'];

/** Where PostgreSQL's programs are, if they are installed. The newest of several, by Debian's layout; else the PATH. */
export async function findPostgres(): Promise<string | undefined> {
  const versions = globSync('/usr/lib/postgresql/*/bin/initdb').map((path) => join(path, '..'));
  const newest = versions.sort((a, b) => a.localeCompare(b, undefined, { numeric: true })).at(-1);
  if (newest !== undefined) return newest;
  const { exitCode, stdout } = await run('pg_config', ['--bindir'], { isQuiet: true });
  return exitCode === 0 && globSync(join(stdout.trim(), 'initdb')).length > 0 ? stdout.trim() : undefined;
}

/** A fresh PostgreSQL on the loopback interface, in a directory of its own that goes with it. */
export async function startPostgres(programs: string): Promise<Service> {
  const account = await unprivilegedAccount();
  const directory = makeDirectory('postgres', account);
  const data = join(directory, 'data');
  const quietly = { isQuiet: true, ...(account && { account }) };
  const program = async (name: string, args: readonly string[]): Promise<void> => {
    const { exitCode, output } = await run(join(programs, name), args, quietly);
    if (exitCode !== 0) throw new Error(`${name} failed:\n${output}`);
  };

  try {
    await program('initdb', [
      '-D',
      data,
      '-U',
      'postgres',
      '--auth=trust',
      '--no-sync',
      '--encoding=UTF8',
      '--locale=C',
    ]);
    const port = String(await freePort());
    const address = ['-h', '127.0.0.1', '-p', port, '-U', 'postgres'];
    const stop = await startLocalProcess({
      command: join(programs, 'postgres'),
      args: [
        ...['-D', data, '-p', port, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
        ...settings.flatMap((setting) => ['-c', setting]),
      ],
      directory,
      account,
      isReady: async () => (await run(join(programs, 'pg_isready'), address, quietly)).exitCode === 0,
    });
    const stopAndRemove = async (): Promise<void> => {
      await stop();
      removeDirectory(directory);
    };
    await program('createdb', [...address, database]).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    return { address: `postgresql://postgres@127.0.0.1:${port}/${database}`, stop: stopAndRemove };
  } catch (error) {
    removeDirectory(directory);
    throw error;
  }
}
