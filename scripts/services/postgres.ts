import { globSync } from 'node:fs';
import { join } from 'node:path';
import { run, type Account } from '../run-command.ts';
import {
  freePort,
  makeDirectory,
  removeDirectory,
  startLocalProcess,
  type StopProcess,
  unprivilegedAccount,
} from './local-process.ts';
import type { Service } from './service.ts';

const database = 'sluice_test';
/** What a crash would lose does not matter to most tests; the rest is speed. */
const hasty = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'];

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
  const server = await LocalPostgres.create(programs, hasty);
  try {
    await server.start();
    await server.program('createdb', [...server.address, database]);
  } catch (error) {
    await server.remove();
    throw error;
  }
  return { address: server.urlOf(database), stop: () => server.remove() };
}

interface PostgresParts {
  /** The folder of its programs. */
  readonly programs: string;
  readonly directory: string;
  readonly account: Account | undefined;
  readonly port: string;
  readonly settings: readonly string[];
}

/** A PostgreSQL in a directory of its own, which may be stopped and started again, always on the same port. */
export class LocalPostgres {
  private readonly about: PostgresParts;
  private stopProcess: StopProcess | undefined;

  private constructor(about: PostgresParts) {
    this.about = about;
  }

  /** Prepares one that does not run yet. Settings are those of postgresql.conf. */
  static async create(programs: string, settings: readonly string[]): Promise<LocalPostgres> {
    const account = await unprivilegedAccount();
    const directory = makeDirectory('postgres', account);
    const server = new LocalPostgres({ programs, directory, account, port: String(await freePort()), settings });
    const options = ['-U', 'postgres', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'];
    try {
      await server.program('initdb', ['-D', server.data, ...options]);
    } catch (error) {
      await server.remove();
      throw error;
    }
    return server;
  }

  /** What its client programs are called with. */
  get address(): readonly string[] {
    return ['-h', '127.0.0.1', '-p', this.about.port, '-U', 'postgres'];
  }

  urlOf(databaseName: string): string {
    return `postgresql://postgres@127.0.0.1:${this.about.port}/${databaseName}`;
  }

  async start(): Promise<void> {
    const { address, data, quietly } = this;
    const { account, directory, port, programs, settings } = this.about;
    this.stopProcess = await startLocalProcess({
      command: join(programs, 'postgres'),
      args: [
        ...['-D', data, '-p', port, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
        ...settings.flatMap((setting) => ['-c', setting]),
      ],
      directory,
      account,
      isReady: async () => (await run(join(programs, 'pg_isready'), address, quietly)).exitCode === 0,
    });
  }

  /** SIGINT cuts its clients; SIGQUIT is a crash, after which it recovers what was committed. */
  async stop(signal?: NodeJS.Signals): Promise<void> {
    await this.stopProcess?.(signal);
    this.stopProcess = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    removeDirectory(this.about.directory);
  }

  /** Runs one of its programs; what fails is an error. */
  async program(name: string, args: readonly string[]): Promise<void> {
    const { exitCode, output } = await run(join(this.about.programs, name), args, this.quietly);
    if (exitCode !== 0) throw new Error(`${name} failed:\n${output}`);
  }

  private get data(): string {
    return join(this.about.directory, 'data');
  }

  private get quietly(): { readonly isQuiet: true; readonly account?: Account } {
    const { account } = this.about;
    return { isQuiet: true, ...(account && { account }) };
  }
}
