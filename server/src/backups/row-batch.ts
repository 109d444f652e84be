const MOST_ROWS = 500;
/** Characters; the text of one statement must stay far below what a string can hold, and what PostgreSQL takes. */
const MOST_CHARACTERS = 8_000_000;

/** Rows that are stored together, bounded in number and in size. */
export class RowBatch {
  private rows: string[] = [];
  private characters = 0;

  add(row: string): void {
    this.rows.push(row);
    this.characters += row.length;
  }

  /** Whether the rows are to be taken before more are added. */
  get isFull(): boolean {
    return this.rows.length >= MOST_ROWS || this.characters >= MOST_CHARACTERS;
  }

  /** The rows so far; none are left. */
  take(): readonly string[] {
    const { rows } = this;
    this.rows = [];
    this.characters = 0;
    return rows;
  }
}
