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

/** How many got the new design, drawn. */
export function printShare(count: number, of: number): void {
  const filled = Math.round((BAR_WIDTH * count) / of);
  const bar = paint(36, '█'.repeat(filled)) + paint(2, '░'.repeat(BAR_WIDTH - filled));
  console.log(`  ${bar} ${count} of ${of} users have the new cart`);
}

export function printClaim({ sentence, isTrue }: Claim): void {
  console.log(`  ${isTrue ? paint(32, '✓') : paint(31, '✗ NOT TRUE:')} ${sentence}`);
}
