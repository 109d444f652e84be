import { expect, it } from '@jest/globals';
import type { ExportedFlag } from './export-flag.js';
import type { Logic } from './json-logic.js';
import { extentOf, refer } from './references.js';
import { withinBudget } from './within-budget.js';

const STAFF = refer('segment.staff', { in: [{ var: 'targetingKey' }, ['x'.repeat(1_000)]] });

function exportedOf(condition: Logic): ExportedFlag {
  const targeting: Logic = { if: [condition, 'on', null] };
  const made = { state: 'ENABLED', variants: { on: true }, defaultVariant: null, targeting } as const;
  return { made, extent: extentOf(made), problems: [] };
}

const flags = new Map([
  ['staffed', exportedOf(STAFF)],
  ['long', exportedOf({ in: [{ var: 'plan' }, ['y'.repeat(2_000)]] })],
  ['staffed-too', exportedOf({ '!': [STAFF] })],
  ['short', exportedOf({ '!!': [{ var: 'plan' }] })],
]);

it.each([
  [100_000, ['staffed', 'long', 'staffed-too', 'short']],
  [2_000, ['staffed', 'staffed-too', 'short']],
  [1_000, ['short']],
  [10, []],
])('of %d bytes the shortest flags are kept, with what they refer to counted once', (most, expected) => {
  const kept = withinBudget(flags, most);
  expect([...flags.keys()].filter((key) => kept.has(key))).toEqual(expected);
});
