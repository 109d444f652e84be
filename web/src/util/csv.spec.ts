import { expect, it } from '@jest/globals';
import { toCsv } from './csv.js';

it('writes one line for each row, after that of the names', () => {
  expect(
    toCsv(
      ['name', 'share'],
      [
        ['June', 0.5],
        ['July', null],
      ],
    ),
  ).toBe('name,share\r\nJune,0.5\r\nJuly,\r\n');
});

it.each([
  ['a,b', '"a,b"'],
  ['say "no"', '"say ""no"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', "'=1+1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['-2,3', `"'-2,3"`],
  ['a=b', 'a=b'],
  ['', ''],
])('writes %j as %j', (text, cell) => {
  expect(toCsv(['a'], [[text]])).toBe(`a\r\n${cell}\r\n`);
});

it('leaves numbers below nothing as they are', () => {
  expect(toCsv(['a'], [[-1]])).toBe('a\r\n-1\r\n');
});
