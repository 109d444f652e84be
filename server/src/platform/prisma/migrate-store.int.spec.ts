import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createDatabase, onPostgres } from '../../../test/contracts/databases.js';
import { openDatabase } from './open-database.js';

/** What docs/security.md grants the role that replicas run as. */
const grantsTo = (role: string): string => `
  GRANT USAGE ON SCHEMA public TO ${role};
  REVOKE CREATE ON SCHEMA public FROM PUBLIC;
  ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${role};
  ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO ${role};`;

describe('A server whose role may not change tables', () => {
  onPostgres((serverUrl) => {
    const role = `server_${randomUUID().replaceAll('-', '')}`;
    const refusal = 'The store has migrations to apply, and this role may not; start once as the owner.';
    let owned: Awaited<ReturnType<typeof createDatabase>>;
    let asRole: string;

    const asOwner = async (sql: string): Promise<void> => {
      const client = new pg.Client(owned.url);
      await client.connect();
      await client.query(sql).finally(() => client.end());
    };
    const migrate = async (count?: number): Promise<void> => {
      await (await openDatabase({ url: owned.url, dataDir: '' }, { count })).close();
    };
    const start = async (): Promise<readonly string[]> => {
      const database = await openDatabase({ url: asRole, dataDir: '' });
      await database.close();
      return database.appliedMigrations;
    };

    beforeEach(async () => {
      owned = await createDatabase(serverUrl);
      const url = new URL(owned.url);
      [url.username, url.password] = [role, 'secret'];
      asRole = url.href;
      await asOwner(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'; ${grantsTo(role)}`);
    });
    afterEach(async () => {
      await asOwner(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await owned.drop();
    });

    it('is told to start as the owner, on an empty store and on one of an older version, and then starts', async () => {
      await expect(start()).rejects.toThrow(refusal);
      await migrate(1);
      await expect(start()).rejects.toThrow(refusal);
      await asOwner(`REVOKE INSERT, UPDATE, DELETE ON _prisma_migrations FROM ${role}`);
      await asOwner(`GRANT CREATE ON SCHEMA public TO ${role}`);
      await expect(start()).rejects.toThrow(refusal);
      await asOwner(`REVOKE CREATE ON SCHEMA public FROM ${role}`);
      await migrate();
      expect(await start()).toEqual([]);
    }, 120_000);
  });
});
