/** A table as Prettier has it: the first column to the left, all others, which are figures, to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows].map((line) => head.map((_, column) => escape(line[column] ?? '')));
  const widths = head.map((_, column) => Math.max(3, ...lines.map((line) => widthOf(line[column] ?? ''))));
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const [first = [], ...rest] = lines.map((line) => line.map((cell, column) => pad(cell, widths[column] ?? 0, column)));
  return [first, rule, ...rest].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function pad(cell: string, width: number, column: number): string {
  const space = ' '.repeat(width - widthOf(cell));
  return column === 0 ? cell + space : space + cell;
}

function escape(cell: string): string {
  return cell.replaceAll('|', '\\|');
}

/** Of text without wide letters: one place for each code point. */
function widthOf(cell: string): number {
  return [...cell].length;
}
