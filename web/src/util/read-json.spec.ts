import { expect, it } from '@jest/globals';
import { readJson } from './read-json.js';

it.each<[string, ReturnType<typeof readJson>]>([
  [' \n', { kind: 'nothing' }],
  ['{"a": 1}', { kind: 'value', value: { a: 1 } }],
  ['null', { kind: 'value', value: null }],
  ['{a', { kind: 'wrong' }],
])('reads %j', (text, read) => {
  expect(readJson(text)).toEqual(read);
});
