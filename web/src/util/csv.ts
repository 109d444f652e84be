/** A cell of a table as text: a number or nothing as well. */
type Cell = string | number | null | undefined;

/** Beginnings that a spreadsheet takes for a formula, which a name that somebody gave must not become. */
const FORMULA = /^[=+\-@\t\r]/u;

/**
 * A table as CSV (RFC 4180). A text that would be a formula in a spreadsheet has an apostrophe before it, as OWASP
 * advises against CSV injection.
 */
export function toCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows].map((cells) => `${cells.map(writeCell).join(',')}\r\n`).join('');
}

function writeCell(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
