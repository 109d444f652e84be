import type { RunResult } from '@sluice/sdk';

export function printTitle(title: string): void {
  console.log(`\n${title}`);
}

export function printLine(text: string): void {
  console.log(`  ${text}`);
}

/** How often calls came to the same: which candidate, which verdict, and where the two differed. */
export function printResults(results: readonly RunResult[]): void {
  const counts = new Map<string, number>();
  for (const { candidate, verdict, differences } of results) {
    // The same place of several elements of a list is one.
    const places = [...new Set(differences.map(({ path, kind, transition }) => `${path} (${kind}: ${transition})`))];
    const line = `${candidate}: ${verdict}${places.length === 0 ? '' : ` at ${places.join(', ')}`}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  for (const [line, count] of counts) printLine(`${String(count).padStart(3)} × ${line}`);
}
