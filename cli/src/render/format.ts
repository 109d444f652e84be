/** A share in thousandths of a percent: `25 %`, `0.125 %`. */
export function formatShare(share: number): string {
  return `${String(share / 1_000)} %`;
}

/** A part of one as a percentage with three digits: `24.8 %`, `0.341 %`. */
export function formatPart(part: number): string {
  return `${String(Number((part * 100).toPrecision(3)))} %`;
}

/** A count with its thousands apart: `12,034`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** Milliseconds in the two largest units that matter: `45 s`, `4 min`, `1 h 05 min`, `2 d 3 h`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** One line of text: what breaks lines or moves a terminal's cursor is left out. */
export function oneLine(text: string): string {
  // Control characters of ASCII and of Latin 1, escape among them.
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/gu, ' ').trim();
}

/** A thing as the API tells it, for people too. */
export function formatJson(thing: unknown): readonly string[] {
  return [JSON.stringify(thing, null, 2)];
}

/** Columns aligned with two spaces between; the first row is the head. */
export function formatTable(rows: readonly (readonly string[])[]): readonly string[] {
  const clean = rows.map((row) => row.map(oneLine));
  const widths = (clean[0] ?? []).map((_head, column) => Math.max(...clean.map((row) => (row[column] ?? '').length)));
  return clean.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
