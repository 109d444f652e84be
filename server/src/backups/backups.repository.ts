import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import { LEFT_OUT } from './left-out.js';
import { orderTables, type Reference } from './order-tables.js';

/** A table of the store as it is: its columns with their types as PostgreSQL writes them. */
export interface StoredTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
}

/** Rows asked for at once, and of tables with values that may be long: a row may have megabytes of them. */
const BATCH = 500;
const BATCH_OF_LONG_ROWS = 40;
const LONG_TYPES = ['json', 'jsonb'];
/** Types of columns that may count by themselves. */
const NUMBERED = ['integer', 'bigint'];

/**
 * The whole store by its catalog, for copies of it. The one place that asks for the tables of others: it knows nothing of
 * what is in them. Names come from the catalog alone and are quoted; values are texts, which keep every type exactly.
 */
@Injectable()
export class BackupsRepository {
  /** The migrations that were applied, the oldest first; none where there is no store. */
  async migrations(tx: Transaction): Promise<readonly string[]> {
    const [found] = await clientOf(tx).$queryRaw<readonly { readonly table: string | null }[]>`
      SELECT to_regclass('_prisma_migrations')::text AS "table"`;
    if (typeof found?.table !== 'string') return [];
    const rows = await clientOf(tx).$queryRaw<readonly { readonly migration_name: string }[]>`
      SELECT migration_name FROM _prisma_migrations
      WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`;
    return rows.map((row) => row.migration_name);
  }

  /** The tables that a backup has, each behind those that it refers to. */
  async tables(tx: Transaction): Promise<readonly StoredTable[]> {
    const columns = await clientOf(tx).$queryRaw<readonly ColumnRow[]>`
      SELECT c.relname::text AS "table", a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
        AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY c.relname, a.attnum`;
    const references = await clientOf(tx).$queryRaw<readonly Reference[]>`
      SELECT f.relname::text AS "from", t.relname::text AS "to"
      FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
      WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace`;
    const names = [...new Set(columns.map(({ table }) => table))].filter((name) => !(name in LEFT_OUT));
    return orderTables(names, references).map((name) => ({
      name,
      columns: columns
        .filter(({ table }) => table === name)
        .map((column) => ({ name: column.name, type: column.type })),
    }));
  }

  /** Makes values read the same on every machine. Until the transaction ends. */
  async speakPlainly(tx: Transaction): Promise<void> {
    await clientOf(tx).$executeRaw`SET LOCAL TIME ZONE 'UTC'`;
  }

  /** All rows of a table, each as a list of texts in JSON, batch by batch. One table at a time. */
  async *rows(tx: Transaction, { name, columns }: StoredTable): AsyncGenerator<readonly string[]> {
    const client = clientOf(tx);
    const values = columns.map((column) => `${quote(column.name)}::text`).join(', ');
    await client.$executeRawUnsafe(
      `DECLARE backup NO SCROLL CURSOR FOR SELECT json_build_array(${values})::text AS row FROM ${quote(name)}`,
    );
    const most = columns.some(({ type }) => LONG_TYPES.includes(type)) ? BATCH_OF_LONG_ROWS : BATCH;
    for (;;) {
      const batch = await client.$queryRawUnsafe<readonly { readonly row: string }[]>(`FETCH ${most} FROM backup`);
      if (batch.length > 0) yield batch.map(({ row }) => row);
      if (batch.length < most) break;
    }
    await client.$executeRaw`CLOSE backup`;
  }

  /** Stores rows as `rows` gave them; `columns` says which values they have. */
  async insert(
    tx: Transaction,
    table: StoredTable,
    columns: readonly string[],
    rows: readonly string[],
  ): Promise<void> {
    const types = new Map(table.columns.map(({ name, type }) => [name, type]));
    const values = columns.map((name, index) => `(row->>${index})::${types.get(name) ?? 'text'}`);
    await clientOf(tx).$executeRawUnsafe(
      `INSERT INTO ${quote(table.name)} (${columns.map(quote).join(', ')})
       SELECT ${values.join(', ')} FROM json_array_elements($1::json) AS row`,
      `[${rows.join(',')}]`,
    );
  }

  /** Whether tables are as migrations leave them; only looks. */
  async isUntouched(tx: Transaction, tables: readonly StoredTable[]): Promise<boolean> {
    for (const { name } of tables) {
      // The first migration puts the chain's beginning there.
      const brought = name === 'audit_head' ? 'WHERE sequence > 0' : '';
      const found = await clientOf(tx).$queryRawUnsafe<readonly unknown[]>(
        `SELECT 1 FROM ${quote(name)} ${brought} LIMIT 1`,
      );
      if (found.length > 0) return false;
    }
    return true;
  }

  /**
   * Takes empty tables for a restore: triggers, which guard what servers write, rest until `finish`, and nobody else
   * writes meanwhile.
   */
  async seize(tx: Transaction, tables: readonly StoredTable[]): Promise<void> {
    const client = clientOf(tx);
    for (const { name } of tables) await client.$executeRawUnsafe(`ALTER TABLE ${quote(name)} DISABLE TRIGGER USER`);
    await client.$executeRaw`DELETE FROM audit_head WHERE sequence = 0`;
  }

  /** Wakes the triggers, and makes numbers that are given out go on behind the restored ones. */
  async finish(tx: Transaction, tables: readonly StoredTable[]): Promise<void> {
    const client = clientOf(tx);
    for (const { name } of tables) await client.$executeRawUnsafe(`ALTER TABLE ${quote(name)} ENABLE TRIGGER USER`);
    for (const { name, columns } of tables) {
      for (const column of columns.filter(({ type }) => NUMBERED.includes(type))) {
        await client.$queryRawUnsafe(
          `SELECT setval(sequence::regclass, COALESCE(last, 1), last IS NOT NULL)::text
           FROM pg_get_serial_sequence($1, $2) AS sequence, (SELECT max(${quote(column.name)}) AS last FROM ${quote(name)}) AS ends
           WHERE sequence IS NOT NULL`,
          quote(name),
          column.name,
        );
      }
    }
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
