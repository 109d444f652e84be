import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { SERVER_VERSION } from '../version.js';
import { applyMigrations, type MigrationsWanted, readMigrationNames } from './apply-migrations.js';
import { objectionToStore, unknownMigrations } from './migration-rules.js';

/** A store that can be asked, and migrated. */
export interface MigratableStore {
  readonly ask: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly factory: SqlMigrationAwareDriverAdapterFactory;
}

/** What came of a start. */
export interface Migrated {
  readonly appliedMigrations: readonly string[];
  /** Those that a later version has made; they only added something. */
  readonly unknownMigrations: readonly string[];
}

const APPLIED = `
  SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`;

/**
 * Brings a store to the newest migration wanted. One that a later version was at is taken as it is, as long as that has
 * only added to it; throws an Error that says what to do once it has taken away what this version needs.
 */
export async function migrateStore({ ask, factory }: MigratableStore, wanted: MigrationsWanted): Promise<Migrated> {
  if (wanted.count === 0) return { appliedMigrations: [], unknownMigrations: [] };
  const [found] = await ask(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS "isThere"`);
  const applied = found?.['isThere'] === true ? await ask(APPLIED) : [];
  const names = applied.map((row) => String(row['migration_name']));
  const unknown = unknownMigrations(names, await readMigrationNames(wanted.folder));
  const objection = objectionToStore(unknown, SERVER_VERSION);
  if (objection !== undefined) throw new Error(objection);
  return { appliedMigrations: await applyMigrations(factory, wanted), unknownMigrations: unknown };
}
