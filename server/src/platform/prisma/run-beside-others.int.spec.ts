import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import pg from 'pg';
import { createDatabase, onPostgres } from '../../../test/contracts/databases.js';
import { openDatabase } from './open-database.js';

const TIMEOUT_MS = 60_000;

async function folderOf(migrations: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-migrations-'));
  await writeFile(join(folder, 'migration_lock.toml'), 'provider = "postgresql"\n');
  for (const [name, script] of Object.entries(migrations)) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'migration.sql'), script);
  }
  return folder;
}

onPostgres((databaseServer) => {
  it(
    'a migration that a copy of the store stands in the way of says so, and is done by the next start',
    async () => {
      const { url, drop } = await createDatabase(databaseServer);
      const folder = await folderOf({
        '20260101000000_first': 'CREATE TABLE thing (id INT);',
        '20260102000000_second': 'ALTER TABLE thing ADD COLUMN name TEXT;',
      });
      const config = { url, dataDir: '' };
      await (await openDatabase(config, { folder, count: 1 })).close();
      const copier = new pg.Client({ connectionString: url, application_name: 'pg_dump' });
      try {
        await copier.connect();
        await copier.query('BEGIN');
        await copier.query('LOCK TABLE thing IN ACCESS SHARE MODE');
        await expect(openDatabase(config, { folder, attempts: 1 })).rejects.toThrow(
          /The store cannot be migrated.* process \d+ \(pg_dump, for \d+ s\)/u,
        );
        await copier.query('COMMIT');
        const opened = await openDatabase(config, { folder });
        expect(opened.appliedMigrations).toEqual(['20260102000000_second']);
        await opened.close();
      } finally {
        await copier.end();
        await drop();
        await rm(folder, { recursive: true, force: true });
      }
    },
    TIMEOUT_MS,
  );
});
