import { z } from 'zod';
import { invalid, type SluiceError } from '../kernel/errors.js';

/** What the lines of a backup mean; grows when that changes. */
export const FORMAT_VERSION = 1;

/**
 * A backup is JSON, a value on each line, compressed with gzip: a header, then for every table its heading and its rows,
 * each a list of texts as PostgreSQL writes the values, and an end with the SHA-256 of all the bytes before it.
 */
export type BackupLine =
  | { readonly kind: 'header'; readonly header: BackupHeader }
  | { readonly kind: 'table'; readonly table: TableHeading }
  | { readonly kind: 'row'; readonly width: number }
  | { readonly kind: 'end'; readonly end: BackupEnd };

const headerSchema = z.object({
  sluiceBackup: z.int(),
  sluice: z.string(),
  takenAt: z.iso.datetime(),
  migrations: z.array(z.string()).min(1),
});
/** Which store it is of: `migrations` are those that it was at, the oldest first. */
export type BackupHeader = Readonly<z.infer<typeof headerSchema>>;

const tableSchema = z.object({ table: z.string(), columns: z.array(z.string()).min(1) });
export type TableHeading = Readonly<z.infer<typeof tableSchema>>;

const endSchema = z.object({ rows: z.record(z.string(), z.int().min(0)), sha256: z.string() });
/** How many rows each table has, and the digest, in hexadecimal. */
export type BackupEnd = Readonly<z.infer<typeof endSchema>>;

const rowSchema = z.array(z.string().nullable());

/** Reads a line; throws `invalid` for one that no backup has. */
function parseLine(text: string, number: number): BackupLine {
  const value = parseJson(text);
  const row = rowSchema.safeParse(value);
  if (row.success) return { kind: 'row', width: row.data.length };
  const table = tableSchema.safeParse(value);
  if (table.success) return { kind: 'table', table: table.data };
  const end = endSchema.safeParse(value);
  if (end.success) return { kind: 'end', end: end.data };
  const header = headerSchema.safeParse(value);
  if (header.success) return { kind: 'header', header: header.data };
  throw damaged(`line ${number} is none that a backup has`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Why a file is refused. */
export function damaged(why: string): SluiceError {
  return invalid(
    'BACKUP_DAMAGED',
    `This is no whole backup: ${why}. Nothing was stored; take another copy of the file, or another backup.`,
  );
}

/** Follows the lines of a backup from the first to the last and throws `invalid` where they are not in order. */
export class BackupChecker {
  private known: BackupHeader | undefined;
  private table: TableHeading | undefined;
  private end: BackupEnd | undefined;
  private count = 0;
  private readonly rows = new Map<string, number>();

  follow(text: string): BackupLine {
    this.count += 1;
    if (this.end !== undefined) throw damaged('something stands behind its end');
    const line = parseLine(text, this.count);
    if ((line.kind === 'header') !== (this.count === 1)) throw damaged(`line ${this.count} is out of place`);
    if (line.kind === 'header') this.known = admitHeader(line.header);
    if (line.kind === 'table') this.begin(line.table);
    if (line.kind === 'row') this.countRow(line.width);
    if (line.kind === 'end') this.end = line.end;
    return line;
  }

  /** All that was said in the end is so; answers what the backup says of itself. */
  finish(sha256: string): { readonly header: BackupHeader; readonly end: BackupEnd } {
    const { known: header, end } = this;
    if (header === undefined || end === undefined) throw damaged('its end is missing');
    const told = JSON.stringify(Object.entries(end.rows));
    if (told !== JSON.stringify([...this.rows])) throw damaged('rows are missing');
    if (end.sha256 !== sha256) throw damaged('its digest is another one');
    return { header, end };
  }

  private begin(table: TableHeading): void {
    if (this.rows.has(table.table)) throw damaged(`the table ${table.table} comes twice`);
    this.table = table;
    this.rows.set(table.table, 0);
  }

  private countRow(width: number): void {
    const { table } = this;
    if (table?.columns.length !== width) throw damaged(`line ${this.count} has another number of values than columns`);
    this.rows.set(table.table, (this.rows.get(table.table) ?? 0) + 1);
  }
}

function admitHeader(header: BackupHeader): BackupHeader {
  if (header.sluiceBackup === FORMAT_VERSION) return header;
  throw invalid(
    'BACKUP_FORMAT_UNKNOWN',
    `This backup has format ${header.sluiceBackup}; this server reads format ${FORMAT_VERSION}. Restore it with Sluice ${header.sluice}.`,
  );
}

/** How many of the migrations that this server knows a backup was at; throws `invalid` when it was at others. */
export function migrationsOf({ migrations, sluice }: BackupHeader, known: readonly string[]): number {
  if (migrations.every((name, index) => name === known[index])) return migrations.length;
  throw invalid(
    'BACKUP_OF_ANOTHER_VERSION',
    `This backup was taken from a store that this server does not know. Restore it with Sluice ${sluice} or a later version.`,
  );
}
