import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readMigrationNames } from '../platform/prisma/apply-migrations.js';
import type { DatabaseConfig } from '../platform/config/database.js';
import { type Database, openDatabase } from '../platform/prisma/open-database.js';
import type { Patience } from '../platform/prisma/postgres-connection.js';
import { PrismaTransactions, type TransactionLimits } from '../platform/prisma/prisma-transactions.js';
import { newBackupFile, readBackup } from './backup-file.adapter.js';
import { migrationsOf } from './backup-format.js';
import { BackupsRepository } from './backups.repository.js';
import { Backups, type BackupSummary, noStore } from './backups.service.js';

/** A copy of a store takes as long as it takes. */
export const COPYING: TransactionLimits = { maxWait: 60_000, timeout: 6 * 3_600_000 };
/** And nobody else waits for what it asks. */
const PATIENT: Patience = { answerMs: 3_600_000, statementMs: 3_600_000, idleTransactionMs: 600_000 };

/**
 * Copies the store that the settings name into a new file, without a server. The store stays at the migration that it is
 * at. Throws when another server has the embedded store, and when there is none.
 */
export async function backUpStore(config: DatabaseConfig, path: string): Promise<BackupSummary> {
  requireFolder(config);
  await withStore(config, 0, (backups) => backups.take(() => newBackupFile(path)));
  return summarize(path);
}

/**
 * Fills the empty store that the settings name from a file. It is then at the migration that the backup was taken at, and
 * the next server that starts brings it to its own. A file that is not whole is refused before the store is opened.
 */
export async function restoreStore(config: DatabaseConfig, path: string): Promise<BackupSummary> {
  const { header } = await summarize(path);
  const count = migrationsOf(header, await readMigrationNames());
  // A store that is in use is refused as it is: migrating it is up to its servers.
  await withStore(config, 0, (backups) => backups.requireEmpty());
  return withStore(config, count, (backups) => backups.restore(path));
}

/** Opening an embedded store makes one where there is none. */
function requireFolder({ url, dataDir }: DatabaseConfig): void {
  if (url !== undefined || existsSync(join(dataDir, 'pglite'))) return;
  throw noStore(`in ${dataDir}`);
}

async function summarize(path: string): Promise<BackupSummary> {
  const lines = readBackup(path);
  for (;;) {
    const next = await lines.next();
    if (next.done === true) return next.value;
  }
}

async function withStore<T>(config: DatabaseConfig, count: number, work: (backups: Backups) => Promise<T>): Promise<T> {
  const database = await openDatabase(config, { count }, PATIENT);
  try {
    return await work(backupsOf(database));
  } finally {
    await database.close();
  }
}

function backupsOf({ client, kind }: Pick<Database, 'client' | 'kind'>): Backups {
  const clock = { now: () => new Date() };
  return new Backups(new PrismaTransactions(client, kind, COPYING), new BackupsRepository(), clock);
}
