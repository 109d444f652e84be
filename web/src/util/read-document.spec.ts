import { expect, it } from '@jest/globals';
import { asJson, readJsonDocument, valueOf } from './read-document.js';

it('reads JSON, and knows where its parts are', () => {
  const read = readJsonDocument('{\n  "a": [1, 2]\n}');
  expect(read).toMatchObject({ kind: 'value', value: { a: [1, 2] } });
  expect(read?.kind === 'value' && read.placeOf('/a/1')).toEqual({ line: 2, column: 12 });
});

it('tells nothing apart from what is no JSON', () => {
  expect(readJsonDocument(' \n')).toEqual({ kind: 'nothing' });
  expect(readJsonDocument('a: 1')).toBeUndefined();
});

it('is compared as JSON where it can be read, and sent then alone', () => {
  const read = { kind: 'value', value: { a: 1 }, placeOf: () => ({ line: 1, column: 1 }) } as const;
  expect([asJson('a: 1', read), valueOf(read)]).toEqual(['{\n  "a": 1\n}', { a: 1 }]);
  const wrong = { kind: 'wrong', message: 'No.', place: undefined } as const;
  expect([asJson('a: [', wrong), valueOf(wrong)]).toEqual(['a: [', null]);
});
