import { expect, it } from '@jest/globals';
import { usageIn, type VariationUsage } from './flag-usage.js';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const used = (variation: string | null, second: number): VariationUsage => {
  return { variation, count: 1, lastAt: at(second) };
};

it.each<[string, VariationUsage[], Date | null]>([
  ['never without reports', [], null],
  ['with the latest of its variations', [used('on', 1), used(null, 3), used('off', 2)], at(3)],
])('a flag was last evaluated %s', (_name, variations, expected) => {
  expect(usageIn('production', variations)).toEqual({
    environment: 'production',
    lastEvaluatedAt: expected,
    variations,
  });
});
