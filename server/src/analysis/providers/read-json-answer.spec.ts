import { expect, it } from '@jest/globals';
import { readJsonAnswer } from './read-json-answer.js';

const at = new Date('2026-01-01T00:00:00.000Z');
const read = (body: string, path = '$.v'): object => readJsonAnswer('GET x', path, { body, at });

it.each<[string, number]>([
  ['{"v":3}', 3],
  ['{"v":0}', 0],
  ['{"v":"0.25"}', 0.25],
  ['{"v":" 1e3 "}', 1_000],
  ['{"v":-4.5}', -4.5],
])('reads %s', (body, value) => {
  expect(read(body)).toEqual({ kind: 'series', points: [{ at, value }], labels: {}, query: 'GET x', warnings: [] });
});

it.each<[string, string]>([
  ['{}', 'The answer has nothing at $.v.'],
  ['[]', 'The answer has nothing at $.v.'],
  ['{"v":null}', 'The value at $.v is null.'],
  ['{"v":"NaN"}', 'The value at $.v is NaN.'],
  ['{"v":1e999}', 'The value at $.v is Infinity.'],
])('finds nothing in %s', (body, reason) => expect(read(body)).toMatchObject({ kind: 'none', reason }));

it.each<[string, string, string]>([
  ['{"v":true}', 'QUERY_TYPE_WRONG', 'it is true, a boolean'],
  ['{"v":"fast"}', 'QUERY_TYPE_WRONG', 'it is the text "fast"'],
  ['{"v":""}', 'QUERY_TYPE_WRONG', 'it is the text ""'],
  ['{"v":"0x10"}', 'QUERY_TYPE_WRONG', 'it is the text "0x10"'],
  ['{"v":[1,2]}', 'QUERY_TYPE_WRONG', 'it is a list of 2'],
  ['{"v":{"a":1}}', 'QUERY_TYPE_WRONG', 'it is an object'],
  ['{"v":', 'ANSWER_MALFORMED', 'is no JSON: "{"v":"'],
  ['<html>', 'ANSWER_MALFORMED', 'is no JSON'],
])('objects to %s', (body, code, says) => {
  expect(read(body)).toMatchObject({ kind: 'error', code, reason: expect.stringContaining(says) });
});

it('objects to several matches', () => {
  expect(read('[{"v":1},{"v":2},{"v":3}]', '$[*].v')).toMatchObject({ code: 'QUERY_NOT_ONE_MATCH' });
});

it('objects to a body that is deeper than any honest one', () => {
  const body = '['.repeat(5_000) + ']'.repeat(5_000);
  expect(read(body, '$..v')).toMatchObject({ code: 'ANSWER_MALFORMED', reason: expect.stringContaining('searched') });
});
