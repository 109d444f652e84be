import { randomUUID } from 'node:crypto';
import { describe, it } from '@jest/globals';
import pg from 'pg';
import { type Database, openDatabase } from '../../src/platform/prisma/open-database.js';
import { IN_MEMORY } from './in-memory.js';

/** Opens an empty, migrated database; closing it throws it away. */
export type OpenDatabase = () => Promise<Database>;

/** Runs a contract suite on every database that Sluice supports, as far as this machine has them. */
export function onEachDatabase(suite: (open: OpenDatabase) => void): void {
  describe('on PGlite', () => suite(() => openDatabase({ url: undefined, dataDir: IN_MEMORY })));
  onPostgres((server) => suite(() => openFresh(server)));
}

/** Runs a suite on the PostgreSQL at TEST_DATABASE_URL, or says why it does not. */
export function onPostgres(suite: (serverUrl: string) => void): void {
  const url = process.env['TEST_DATABASE_URL'];
  describe('on PostgreSQL', () => {
    if (url === undefined || url === '') it.skip('is skipped: TEST_DATABASE_URL is not set', () => undefined);
    else suite(url);
  });
}

async function openFresh(serverUrl: string): Promise<Database> {
  const { url, drop } = await createDatabase(serverUrl);
  const database = await openDatabase({ url, dataDir: '' });
  const close = async (): Promise<void> => {
    await database.close();
    await drop();
  };
  return { ...database, close };
}

/** Makes an empty database with a name of its own on a server. */
export async function createDatabase(serverUrl: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `sluice_${randomUUID().replaceAll('-', '')}`;
  await runOn(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => runOn(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`) };
}

async function runOn(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
