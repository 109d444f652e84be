/** What a column of no width of its own gets at least. */
const LEAST = '88px';

interface Wide {
  /** A CSS width. */
  readonly width?: string;
  readonly isMinor?: boolean;
}

/**
 * What a table needs on a narrow screen, as a CSS width: there minor columns are left out, and shares of the table's
 * width are none. On less, the columns that say what a row is would vanish between those that have a width.
 */
export function leastWidth(columns: readonly Wide[]): string {
  const shown = columns.filter(({ isMinor }) => isMinor !== true);
  const widths = shown.map(({ width }) => (width === undefined || width.endsWith('%') ? LEAST : width));
  return widths.length === 0 ? '0px' : `calc(${widths.join(' + ')})`;
}
