import assert from 'node:assert/strict';
import { createParallelRuns } from '@sluice/sdk';
import { EVERY_CALL } from '../every-call.js';
import { printLine, printResults } from '../print.js';
import { Results } from '../results.js';

const TITLES = ['Green tea', 'Two  cups', 'Tee für zwei', 'Café au lait', 'Pot'];

function slugOf(title: string): string {
  return title.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').split(/\s+/u).join('-');
}

function newSlugOf(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z]+/gu, '-');
}

/** A wrapped function has the type of the first: whoever calls it need not know. Its arguments are the input. */
export async function wrapFunction(): Promise<void> {
  const results = new Results();
  const runs = createParallelRuns({ settings: EVERY_CALL, publish: results.publish });

  const slug = runs.parallel('slug', slugOf, newSlugOf, {
    // Kinds of input are told apart, so that "all is well" of a common one does not hide a rare one.
    stratum: (title) => (/^[\x20-\x7e]*$/u.test(title) ? 'ascii' : 'other'),
    sideEffects: 'none',
  });
  assert.deepEqual(TITLES.map(slug), TITLES.map(slugOf));
  runs.close();

  const heard = await results.take(TITLES.length);
  for (const stratum of ['ascii', 'other']) {
    printLine(`Titles of the kind ${stratum}:`);
    printResults(heard.filter((result) => result.stratum === stratum));
  }
  assert.ok(heard.every(({ verdict, stratum }) => (verdict === 'match') === (stratum === 'ascii')));
}
