import assert from 'node:assert/strict';
import { setTimeout as later } from 'node:timers/promises';
import { createParallelRuns, type ShadowArm } from '@sluice/sdk';
import { EVERY_CALL } from '../every-call.js';
import { printLine, printResults } from '../print.js';
import { Results } from '../results.js';

const STOCK: Readonly<Record<string, number>> = { tea: 12, cup: 3, pot: 0 };

/** The service that there is. */
async function stockOf(item: string): Promise<number> {
  await later(2);
  return STOCK[item] ?? 0;
}

/** Its successor does not know cups, and hangs over pots. */
async function newStockOf(item: string, { signal }: Pick<ShadowArm, 'signal'>): Promise<number> {
  if (item === 'cup') throw new RangeError('No such item.');
  if (item === 'pot') await later(60_000, undefined, { signal });
  return STOCK[item] ?? 0;
}

/** Whatever the candidate does, the caller gets the control's promise, and waits for nothing else. */
export async function awaitAnswers(): Promise<void> {
  const results = new Results();
  const runs = createParallelRuns({ settings: EVERY_CALL, publish: results.publish });

  for (const item of Object.keys(STOCK)) {
    const answer = await runs.parallelRun('stock', {
      control: () => stockOf(item),
      candidate: (arm) => newStockOf(item, arm),
      input: item,
      deadlineMs: 50,
    });
    assert.equal(answer, STOCK[item]);
  }
  printLine('Callers got their answers. The candidate threw once; once it was given up, and its signal aborted:');
  const heard = await results.take(3);
  runs.close();
  printResults(heard);
  assert.deepEqual(
    heard.map(({ verdict }) => verdict),
    ['match', 'candidate_error', 'timeout'],
  );
}
