import { describe, expect, it } from '@jest/globals';
import type { Connection } from './connection.js';
import { cursorOf, furtherOf, noFurtherPages, pagesInOrder, withPage } from './further-pages.js';

const page = (nodes: readonly string[], endCursor: string | null): Connection<string> => ({
  edges: nodes.map((node) => ({ node })),
  pageInfo: { hasNextPage: endCursor !== null, endCursor },
});
const begun = { ...noFurtherPages<string>('{"q":""}'), wanted: 1 };
const known = withPage(begun, 'b', page(['c', 'd'], 'd'));
const first = page(['a', 'b'], 'b');

describe('pages of a list', () => {
  it('are the first and those that follow it', () => {
    expect(pagesInOrder(first, known)).toEqual([first, page(['c', 'd'], 'd')]);
  });

  it('end where the next one is not known yet, or not wanted', () => {
    expect(pagesInOrder(first, { ...known, wanted: 2 })).toHaveLength(2);
    expect(pagesInOrder(first, { ...known, wanted: 0 })).toHaveLength(1);
    expect(pagesInOrder(page(['a', 'b'], 'a'), known)).toHaveLength(1);
  });

  it('are of one question: another one with the same cursor has none of them', () => {
    expect(pagesInOrder(first, furtherOf(known, '{"q":""}'))).toHaveLength(2);
    const other = furtherOf(known, '{"q":"x"}');
    expect(pagesInOrder(first, other)).toEqual([first]);
    expect(pagesInOrder(first, { ...other, wanted: 1 })).toEqual([first]);
  });
});

it.each([
  [page(['a'], 'a'), 'a'],
  [page(['a'], null), undefined],
  [undefined, undefined],
])('the next page of %j begins after %s', (given, cursor) => {
  expect(cursorOf(given)).toBe(cursor);
});
