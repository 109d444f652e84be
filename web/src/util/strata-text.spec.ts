import { expect, it } from '@jest/globals';
import { formatStrata, parseStrata } from './strata-text.js';

it.each<[string, ReturnType<typeof parseStrata>]>([
  ['', []],
  [
    ' even 100 \n\n odd  5',
    [
      { stratum: 'even', minimum: 100 },
      { stratum: 'odd', minimum: 5 },
    ],
  ],
  ['gift card 20', [{ stratum: 'gift card', minimum: 20 }]],
  ['odd', [{ stratum: 'odd', minimum: null }]],
  ['7 7', [{ stratum: '7', minimum: 7 }]],
])('reads %j', (text, strata) => {
  expect(parseStrata(text)).toEqual(strata);
  expect(parseStrata(formatStrata(strata))).toEqual(strata);
});
