import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openDatabase } from '../../src/platform/prisma/open-database.js';
import { createDatabase, onPostgres } from '../contracts/databases.js';
import { callerOf, startTestServer, type TestServer } from './start-test-server.js';

// Whole servers are started, beside other suites on few cores.
jest.setTimeout(300_000);

const MIGRATIONS = join(import.meta.dirname, '../../../prisma/migrations');
const ADMIN = `slu_admin_${'c'.repeat(40)}`;
const EXPAND = `
  ALTER TABLE "flag" ADD COLUMN "note" TEXT;
  ALTER TABLE "environment" ADD COLUMN "colour" TEXT NOT NULL DEFAULT 'green';
  ALTER TABLE "audit_entry" ADD COLUMN "place" TEXT;
  CREATE TABLE "flag_note" ("id" UUID NOT NULL, "flag_id" UUID NOT NULL REFERENCES "flag" ("id") ON DELETE CASCADE);
  CREATE INDEX "flag_note_idx" ON "flag" ("note");`;

/** The migrations of a later version: ours and more. */
async function laterVersion(more: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-migrations-test-'));
  await cp(MIGRATIONS, folder, { recursive: true });
  for (const [name, sql] of Object.entries(more)) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'migration.sql'), sql);
  }
  return folder;
}

/** Works through a server until it is told to stop, as people and services do. */
class Traffic {
  readonly refusals: unknown[] = [];
  count = 0;
  private isOver = false;
  private readonly done: Promise<void>;

  constructor({ api, as }: Pick<TestServer, 'api' | 'as'>, token: string, name: string) {
    const sdk = as(token);
    this.done = (async () => {
      for (; !this.isOver; this.count += 1) {
        const key = `${name}-${this.count}`;
        const answers = [
          await api('POST', '/api/v1/projects/shop/flags', { key, type: 'boolean' }),
          await api('PATCH', `/api/v1/projects/shop/flags/${key}/environments/live`, { on: true }, { 'if-match': '*' }),
          await api('GET', '/api/v1/projects/shop/flags'),
          await sdk('GET', '/sdk/v1/snapshot'),
        ];
        this.refusals.push(...answers.filter(({ status }) => status >= 300).map(({ body }) => body as unknown));
      }
    })();
  }

  /** Resolves when it has done so much more. */
  async more(rounds: number): Promise<void> {
    const end = this.count + rounds;
    while (this.count < end && this.refusals.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async stop(): Promise<readonly unknown[]> {
    this.isOver = true;
    await this.done;
    return this.refusals;
  }
}

describe('While a later version comes', () => {
  onPostgres((databaseServer) => {
    const folders: string[] = [];
    let store: { readonly url: string; readonly drop: () => Promise<void> };
    const start = (): Promise<TestServer> => startTestServer({ DATABASE_URL: store.url, SLUICE_ADMIN_TOKEN: ADMIN });
    const migrateAs = async (more: Readonly<Record<string, string>>): Promise<readonly string[]> => {
      const folder = await laterVersion(more);
      folders.push(folder);
      const database = await openDatabase({ url: store.url, dataDir: '' }, { folder });
      await database.close();
      return database.appliedMigrations;
    };

    beforeAll(async () => {
      store = await createDatabase(databaseServer);
    });
    afterAll(async () => {
      await store.drop();
      for (const folder of folders) await rm(folder, { recursive: true });
    });

    it('servers that start at once on an empty database migrate it once', async () => {
      const open = () => openDatabase({ url: store.url, dataDir: '' });
      const databases = await Promise.all([open(), open(), open()]);
      const applied = databases.map(({ appliedMigrations }) => appliedMigrations.length).sort((a, b) => b - a);
      expect(applied[0]).toBeGreaterThan(0);
      expect(applied.slice(1)).toEqual([0, 0]);
      await Promise.all(databases.map((database) => database.close()));
    });

    it('servers go on, and start, on a store that it has added to; not on one that it took from', async () => {
      const old = await start();
      await old.api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'live' }] });
      const place = { kind: 'server', name: 'shop', project: 'shop', environment: 'live' };
      const { secret } = (await old.api('POST', '/api/v1/tokens', place)).body as { readonly secret: string };
      const traffic = new Traffic(old, secret, 'old');
      await traffic.more(3);
      const expand = '20990101000000_notes';
      expect(await migrateAs({ [expand]: EXPAND })).toEqual([expand]);
      await traffic.more(3);

      const other = await start();
      const also = new Traffic(other, secret, 'other');
      await Promise.all([traffic.more(3), also.more(3)]);
      expect(await also.stop()).toEqual([]);
      await other.close();

      const harmless = {
        [expand]: EXPAND,
        '20990101000001_contract_since_0_1_old_index': 'DROP INDEX "flag_note_idx";',
      };
      await migrateAs(harmless);
      await (await start()).close();
      await migrateAs({ ...harmless, '20990101000002_contract_since_0_2_table': 'DROP TABLE "flag_note";' });
      await expect(start()).rejects.toThrow(/Start 0\.2 or later, or restore a backup/u);

      await traffic.more(3);
      expect(await traffic.stop()).toEqual([]);
      expect((await callerOf(old.url, ADMIN)('GET', '/api/v1/audit/verify')).body).toMatchObject({ isIntact: true });
      await old.close();
    });
  });
});
