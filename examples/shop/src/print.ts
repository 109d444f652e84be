import type { Claim } from './judge.js';

const BAR_WIDTH = 40;
const hasColour = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
const paint = (code: number, text: string): string => (hasColour ? `\u001b[${code}m${text}\u001b[0m` : text);

export function printTitle(title: string): void {
  console.log(`\n${paint(1, title)}`);
}

export function printLine(text: string): void {
  console.log(`  ${text}`);
}

/** How many got something, drawn. */
export function printShare(count: number, of: number, what: string): void {
  const filled = of === 0 ? 0 : Math.round((BAR_WIDTH * count) / of);
  const bar = paint(36, '█'.repeat(filled)) + paint(2, '░'.repeat(BAR_WIDTH - filled));
  console.log(`  ${bar} ${count} of ${of} users have ${what}`);
}

/** Shows what came true, and whether all of it did. */
export function printClaims(claims: readonly Claim[]): boolean {
  for (const { sentence, isTrue } of claims) {
    console.log(`  ${isTrue ? paint(32, '✓') : paint(31, '✗ NOT TRUE:')} ${sentence}`);
  }
  return claims.every(({ isTrue }) => isTrue);
}
