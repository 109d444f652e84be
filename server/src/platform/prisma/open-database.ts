import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import type { DatabaseConfig } from '../config/database.js';
import type { MigrationsWanted } from './apply-migrations.js';
import { lockDataDir } from './data-dir-lock.js';
import { PrismaClient } from './generated/client.js';
import { PATIENCE, type Patience, sessionAt, whileHeard } from './postgres-connection.js';
import { type AskStore, giveUpMigration, runBesideOthers } from './run-beside-others.js';
import { keepPrivate } from './private-folder.js';
import { type MigratableStore, type Migrated, migrateStore } from './migrate-store.js';

/** An open, migrated store. */
export interface Database extends Migrated {
  readonly client: PrismaClient;
  readonly kind: 'pglite' | 'postgresql';
  close(): Promise<void>;
}

const IN_MEMORY = 'memory://';
/** From here on PostgreSQL numbers types as they come (access/transam.h, FirstGenbkiObjectId). */
const FIRST_GENERATED_OID = 10_000;
/** Any fixed number, the same in every version: who holds it in PostgreSQL may migrate. */
const MIGRATION_LOCK = 7_070_7071;

/**
 * Opens PostgreSQL at the configured URL, or PGlite in the data folder, and brings it to the newest migration; `wanted`
 * says to which one else. `patience` is with a PostgreSQL that says nothing.
 */
export function openDatabase(
  config: DatabaseConfig,
  wanted: MigrationsWanted = {},
  patience = PATIENCE,
): Promise<Database> {
  return config.url === undefined ? openPGlite(config.dataDir, wanted) : openPostgres(config.url, wanted, patience);
}

async function openPGlite(dataDir: string, wanted: MigrationsWanted): Promise<Database> {
  const inMemory = dataDir.startsWith(IN_MEMORY);
  const release = inMemory ? () => undefined : await lockDataDir(dataDir);
  const pglite = await (inMemory ? openInMemory(dataDir.slice(IN_MEMORY.length)) : openFolder(join(dataDir, 'pglite')));
  forgetRowTypes(pglite);
  const factory = new PrismaPGlite(pglite);
  const client = new PrismaClient({ adapter: factory });
  const close = async () => {
    await client.$disconnect();
    await pglite.close();
    release();
  };
  const store: MigratableStore = {
    ask: async (sql) => (await pglite.query<Readonly<Record<string, unknown>>>(sql)).rows,
    factory: withScripts(factory, (script) => pglite.exec(script)),
  };
  try {
    return { client, kind: 'pglite', ...(await migrateStore(store, wanted)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function openFolder(folder: string): Promise<PGlite> {
  keepPrivate(folder);
  return PGlite.create(folder);
}

async function openInMemory(archive: string): Promise<PGlite> {
  if (archive === '') return PGlite.create();
  return PGlite.create({ loadDataDir: await readArchive(archive) });
}

/**
 * PGlite copies its parsers for every answer, and has one for the arrays of each table's rows, which nobody reads:
 * without them a small query takes a third of the time. What is left are the types with numbers of their own.
 */
function forgetRowTypes(pglite: PGlite): void {
  const builtIn = Object.entries(pglite.parsers).filter(([oid]) => Number(oid) < FIRST_GENERATED_OID);
  pglite.parsers = Object.fromEntries(builtIn);
}

async function readArchive(archive: string): Promise<Blob> {
  try {
    return await openAsBlob(archive);
  } catch (error) {
    throw new Error(`SLUICE_DATA_DIR names the archive ${archive}, which cannot be read.`, { cause: error });
  }
}

async function openPostgres(url: string, wanted: MigrationsWanted, patience: Patience): Promise<Database> {
  const migrated = await migratePostgres(url, wanted);
  const adapter = new PrismaPg({ ...sessionAt(url), ...whileHeard(patience) });
  const client = new PrismaClient({ adapter });
  return { client, kind: 'postgresql', ...migrated, close: () => client.$disconnect() };
}

async function migratePostgres(url: string, wanted: MigrationsWanted): Promise<Migrated> {
  const session = new pg.Client(sessionAt(url));
  try {
    await session.connect();
  } catch (error) {
    throw new Error('DATABASE_URL names a PostgreSQL that does not let us in; is it up, and are user and name right?', {
      cause: error,
    });
  }
  // The engine takes a lock of its own and leaves it to the end of its session: the next replica waits for that end.
  const pool = new pg.Pool(sessionAt(url));
  try {
    await session.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    // Whoever waits for a table lets nobody else at it: servers that run must not stand still behind a migration.
    await session.query(`SET lock_timeout = '2s'`);
    const ask: AskStore = async (sql) => (await session.query<Readonly<Record<string, unknown>>>(sql)).rows;
    // The engine does not hand on what a script fails with.
    let givenUp: Error | undefined;
    const giveUp = async (cause: unknown): Promise<Error> => (givenUp = await giveUpMigration(ask, cause));
    const execute = (script: string) => runBesideOthers(() => session.query(script), giveUp, wanted.attempts);
    return await migrateStore({ ask, factory: withScripts(new PrismaPg(pool), execute) }, wanted).catch(
      (error: unknown) => {
        throw givenUp ?? error;
      },
    );
  } finally {
    await pool.end();
    await session.end();
  }
}

/**
 * Runs migrations as whole scripts. The adapters would not: PGlite's does not wait for their end, and PostgreSQL's cuts
 * them at every semicolon, inside the body of a function too.
 */
function withScripts(
  factory: SqlMigrationAwareDriverAdapterFactory,
  execute: (script: string) => Promise<unknown>,
): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: () => factory.connectToShadowDb(),
    connect: async () =>
      Object.assign(await factory.connect(), {
        executeScript: async (script: string) => {
          await execute(script);
        },
      }),
  };
}
