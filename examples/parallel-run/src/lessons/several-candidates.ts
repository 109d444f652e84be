import assert from 'node:assert/strict';
import { createParallelRuns } from '@sluice/sdk';
import { EVERY_CALL } from '../every-call.js';
import { printLine, printResults } from '../print.js';
import { Results } from '../results.js';

const CARTS = [[0.1, 0.2], [4.2, 3.75], [9.99, 0.01, 5], [19.9]];

function sum(prices: readonly number[]): number {
  return prices.reduce((total, price) => total + Math.round(price * 100), 0) / 100;
}

/** A call that is sampled runs all candidates, in random order, and judges each by itself. */
export async function compareSeveral(): Promise<void> {
  const results = new Results();
  const runs = createParallelRuns({ settings: EVERY_CALL, publish: results.publish });

  for (const prices of CARTS) {
    const answer = runs.parallelRun('sum', {
      control: () => sum(prices),
      candidates: {
        floats: () => prices.reduce((total, price) => total + price, 0),
        texts: () => Number(prices.reduce((total, price) => total + price, 0).toFixed(2)),
        cents: () => Number(prices.reduce((total, price) => total + BigInt(Math.round(price * 100)), 0n)) / 100,
      },
      input: prices,
    });
    assert.equal(answer, sum(prices));
  }
  runs.close();
  const heard = await results.take(CARTS.length * 3);
  printLine('0.1 + 0.2 is not 0.3. `ulp` says that the two are next to each other:');
  printResults(heard.toSorted((one, other) => one.candidate.localeCompare(other.candidate)));
  const unequal = heard.filter(({ verdict }) => verdict !== 'match').map(({ candidate }) => candidate);
  assert.deepEqual(new Set(unequal), new Set(['floats']));
}
