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

/** Those that were begun and not rolled back; one that has not ended has failed, or somebody is at it. */
const BEGUN = `
  SELECT migration_name AS name, finished_at IS NOT NULL AS "isDone" FROM _prisma_migrations WHERE rolled_back_at IS NULL`;

/** NULL where there is no such schema or table; a schema that is not there for this role may not be changed by it. */
const MAY_MIGRATE = `
  SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)
    AND coalesce(has_table_privilege(to_regclass('_prisma_migrations'), 'INSERT'), true) AS "mayMigrate"`;

/**
 * Brings a store to the newest migration wanted. One that a later version was at is taken as it is, as long as that has
 * only added to it; throws an Error that says what to do once it has taken away what this version needs, and where there
 * is something to apply as a role that may not.
 */
export async function migrateStore({ ask, factory }: MigratableStore, wanted: MigrationsWanted): Promise<Migrated> {
  if (wanted.count === 0) return { appliedMigrations: [], unknownMigrations: [] };
  const [found] = await ask(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS "isThere"`);
  const begun = found?.['isThere'] === true ? await ask(BEGUN) : [];
  const names = begun.filter(({ isDone }) => isDone === true).map(({ name }) => String(name));
  const known = await readMigrationNames(wanted.folder);
  const unknown = unknownMigrations(names, known);
  const objection = objectionToStore(unknown, SERVER_VERSION);
  if (objection !== undefined) throw new Error(objection);
  const isComplete = known.slice(0, wanted.count).every((name) => names.includes(name));
  // The engine would find nothing to do, at half a second of processor time.
  if (isComplete && names.length === begun.length) return { appliedMigrations: [], unknownMigrations: unknown };
  if (!isComplete) await refuseLesserRole(ask);
  return { appliedMigrations: await applyMigrations(factory, wanted), unknownMigrations: unknown };
}

async function refuseLesserRole(ask: MigratableStore['ask']): Promise<void> {
  const [role] = await ask(MAY_MIGRATE);
  if (role?.['mayMigrate'] === true) return;
  throw new Error('The store has migrations to apply, and this role may not; start once as the owner.');
}
