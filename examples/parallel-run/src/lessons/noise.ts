import assert from 'node:assert/strict';
import { createParallelRuns, type LocalRunSettings } from '@sluice/sdk';
import { EVERY_CALL } from '../every-call.js';
import { printLine, printResults } from '../print.js';
import { Results } from '../results.js';

/** Of each rule a person should know the reason; on the control plane it has an owner and may run out. */
const RULES: NonNullable<LocalRunSettings['rules']> = [
  { id: 'clock', kind: 'ignore', path: '$.tookMs' },
  { id: 'order', kind: 'keyedBy', path: '$.items', field: 'sku' },
  { id: 'score', kind: 'tolerance', path: '$.items[*].score', absolute: 0.01 },
];

const items = [
  { sku: 'tea', score: 0.91, price: 420 },
  { sku: 'cup', score: 0.912, price: 900 },
];
const search = () => ({ tookMs: 3.1, items });
/** As good: another clock, another order of what scores alike, another rounding. */
const searchAnew = () => ({ tookMs: 1.7, items: items.toReversed().map((each) => ({ ...each, score: 0.911 })) });
/** And one that is not: tea costs nothing. */
const searchAmiss = () => ({
  ...searchAnew(),
  items: searchAnew().items.map((each) => (each.sku === 'tea' ? { ...each, price: 0 } : each)),
});

/** Noise that is told as a difference buries the differences. Rules say what does not matter, and where. */
export async function waiveNoise(): Promise<void> {
  const results = new Results();
  const runs = createParallelRuns({
    runs: { bare: EVERY_CALL, ruled: { ...EVERY_CALL, rules: RULES } },
    publish: results.publish,
  });

  runs.parallelRun('bare', { control: search, candidates: { good: searchAnew } });
  printLine('Without rules a good engine looks bad:');
  printResults(await results.take(1));

  runs.parallelRun('ruled', { control: search, candidates: { good: searchAnew, amiss: searchAmiss } });
  printLine('With three rules it does not, and what is wrong stands out:');
  const heard = await results.take(2);
  printResults(heard);
  runs.close();

  const verdicts = Object.fromEntries(heard.map(({ candidate, verdict }) => [candidate, verdict]));
  assert.deepEqual(verdicts, { good: 'ignored', amiss: 'mismatch' });
  const places = heard.flatMap(({ differences }) => differences.map(({ path }) => path));
  assert.deepEqual(places, ['$.items[*].price']);
}
