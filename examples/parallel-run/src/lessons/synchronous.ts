import assert from 'node:assert/strict';
import { createParallelRuns } from '@sluice/sdk';
import { EVERY_CALL } from '../every-call.js';
import { postageByBands, postageByTable } from '../postage.js';
import { printLine, printResults } from '../print.js';
import { Results } from '../results.js';

const PARCELS = Array.from({ length: 30 }, (_, index) => index + 1);

/** The control answers; the candidate is run beside it, before or after by chance, and compared. */
export async function compareAtOnce(): Promise<void> {
  const results = new Results();
  const runs = createParallelRuns({ settings: EVERY_CALL, publish: results.publish });

  const answers = PARCELS.map((kilograms) =>
    runs.parallelRun('postage', {
      control: () => postageByTable(kilograms),
      candidate: () => postageByBands(kilograms),
      input: kilograms,
    }),
  );
  runs.close();

  assert.deepEqual(answers, PARCELS.map(postageByTable));
  printLine('All 30 callers got what the old code answers. Of the new code is known, without the values:');
  const heard = await results.take(PARCELS.length);
  printResults(heard);

  const unequal = heard.filter(({ verdict }) => verdict === 'mismatch');
  assert.equal(unequal.length, 4);
  // Within the process `publish` sees the values as well.
  for (const { control, candidateOutcome } of unequal) {
    if (control?.kind !== 'value' || candidateOutcome?.kind !== 'value') continue;
    printLine(`      ${String(control.value)} cents by the table, ${String(candidateOutcome.value)} by the bands`);
  }
}
