/** One escape sequence that changes colours, or one character. */
const PARTS = /\u001b\[[0-9;]*m|./gsu;

/** Cuts a picture to a terminal, so that no line wraps and the next picture can be drawn over this one. */
export function fitScreen(
  lines: readonly string[],
  { columns, rows }: { readonly columns: number; readonly rows: number },
): readonly string[] {
  return lines.slice(0, Math.max(1, rows - 1)).map((line) => clip(line, Math.max(1, columns - 1)));
}

function clip(line: string, width: number): string {
  let seen = 0;
  let kept = '';
  for (const [part] of line.matchAll(PARTS)) {
    const isVisible = !part.startsWith('\u001b');
    // What follows the last character are colours that end: they are kept.
    if (isVisible && seen === width) continue;
    if (isVisible) seen += 1;
    kept += part;
  }
  return kept;
}
