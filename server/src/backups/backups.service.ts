import { createHash } from 'node:crypto';
import type { Writable } from 'node:stream';
import { walkChain } from '../audit/index.js';
import type { Clock } from '../kernel/clock.js';
import { precondition, type SluiceError } from '../kernel/errors.js';
import type { Transaction, Transactions } from '../kernel/transactions.js';
import { SERVER_VERSION } from '../platform/version.js';
import { readBackup, writeBackup } from './backup-file.adapter.js';
import { type BackupEnd, type BackupHeader, damaged, FORMAT_VERSION } from './backup-format.js';
import type { BackupsRepository, StoredTable } from './backups.repository.js';
import { RowBatch } from './row-batch.js';

/** What a backup has. */
export interface BackupSummary {
  readonly header: BackupHeader;
  readonly end: BackupEnd;
}

/** Copies the whole store into a file, and such a file into an empty store. */
export class Backups {
  constructor(
    private readonly transactions: Transactions,
    private readonly store: BackupsRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Writes all of the store, as it is at one moment, packed. Servers may serve meanwhile. Throws `precondition` when there
   * is no store.
   */
  take(to: () => Writable, signal?: AbortSignal): Promise<void> {
    return this.transactions.read(async (tx) => {
      if ((await this.store.migrations(tx)).length === 0) throw noStore();
      await writeBackup(this.lines(tx), to(), signal);
    });
  }

  /** Throws `precondition` when the store has data; leaves it as it is. */
  requireEmpty(): Promise<void> {
    return this.transactions.read(async (tx) => {
      if (!(await this.store.isUntouched(tx, await this.store.tables(tx)))) throw notEmpty();
    });
  }

  /**
   * Stores what a backup has, all of it or nothing. Throws `precondition` when the store is not empty or at other
   * migrations, and `invalid` when the file is not whole or the audit chain in it is broken.
   */
  restore(path: string): Promise<BackupSummary> {
    return this.transactions.run(async (tx) => {
      await this.store.speakPlainly(tx);
      const tables = await this.store.tables(tx);
      if (!(await this.store.isUntouched(tx, tables))) throw notEmpty();
      await this.store.seize(tx, tables);
      // Nobody writes from here on; somebody may have until then.
      if (!(await this.store.isUntouched(tx, tables))) throw notEmpty();
      const summary = await this.fill(tx, new Map(tables.map((table) => [table.name, table])), path);
      await this.store.finish(tx, tables);
      const { firstBreak } = await walkChain(tx);
      if (firstBreak === undefined) return summary;
      throw damaged(`entry ${firstBreak.sequence} of its audit chain is ${firstBreak.problem}`);
    });
  }

  private async *lines(tx: Transaction): AsyncGenerator<string> {
    await this.store.speakPlainly(tx);
    const hash = createHash('sha256');
    const hashed = (line: string): string => {
      hash.update(`${line}\n`);
      return line;
    };
    const header: BackupHeader = {
      sluiceBackup: FORMAT_VERSION,
      sluice: SERVER_VERSION,
      takenAt: this.clock.now().toISOString(),
      migrations: [...(await this.store.migrations(tx))],
    };
    yield hashed(JSON.stringify(header));
    const rows: Record<string, number> = {};
    for (const table of await this.store.tables(tx)) {
      rows[table.name] = 0;
      yield hashed(JSON.stringify({ table: table.name, columns: table.columns.map(({ name }) => name) }));
      for await (const batch of this.store.rows(tx, table)) {
        rows[table.name] = (rows[table.name] ?? 0) + batch.length;
        for (const row of batch) yield hashed(row);
      }
    }
    yield JSON.stringify({ rows, sha256: hash.digest('hex') });
  }

  private async fill(tx: Transaction, tables: ReadonlyMap<string, StoredTable>, path: string): Promise<BackupSummary> {
    const lines = readBackup(path);
    let table: StoredTable | undefined;
    let columns: readonly string[] = [];
    const batch = new RowBatch();
    const flush = async (): Promise<void> => {
      const rows = batch.take();
      if (table !== undefined && rows.length > 0) await this.store.insert(tx, table, columns, rows);
    };
    for (;;) {
      const next = await lines.next();
      if (next.done === true) return next.value;
      const { text, line } = next.value;
      if (line.kind === 'header') await this.requireMigrations(tx, line.header);
      if (line.kind === 'row') batch.add(text);
      if (line.kind !== 'row' || batch.isFull) await flush();
      if (line.kind !== 'table') continue;
      table = tables.get(line.table.table);
      ({ columns } = line.table);
      const known = table?.columns.map(({ name }) => name) ?? [];
      const strange = columns.find((name) => !known.includes(name));
      if (strange !== undefined) throw damaged(`no store has ${line.table.table}.${strange}`);
    }
  }

  private async requireMigrations(tx: Transaction, { migrations }: BackupHeader): Promise<void> {
    const applied = await this.store.migrations(tx);
    if (applied.length === migrations.length && migrations.every((name, index) => name === applied[index])) return;
    throw precondition(
      'STORE_AT_OTHER_MIGRATIONS',
      'This store is empty, but at other migrations than the backup was taken at: a server of another version has ' +
        `been started in it. ${NAME_AN_EMPTY_ONE}`,
    );
  }
}

const NAME_AN_EMPTY_ONE =
  'Name an empty database in DATABASE_URL, or an empty folder in SLUICE_DATA_DIR, in which no server has been started yet.';

function notEmpty(): SluiceError {
  return precondition(
    'STORE_NOT_EMPTY',
    `A backup is restored into an empty store only, and this one has data. ${NAME_AN_EMPTY_ONE}`,
  );
}

/** Why there is nothing to back up. */
export function noStore(where = 'in this database'): SluiceError {
  return precondition(
    'STORE_MISSING',
    `There is no store ${where}: name the one that the server has, in DATABASE_URL or SLUICE_DATA_DIR.`,
  );
}
