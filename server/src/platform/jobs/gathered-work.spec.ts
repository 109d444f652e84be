import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, it } from '@jest/globals';
import { GatheredWork } from './gathered-work.js';

/** Work that doubles numbers, but 13, and ends when it is let; with what it was given. */
function doubling(most = 100) {
  const groups: (readonly number[])[] = [];
  const ends: (() => void)[] = [];
  const gathered = new GatheredWork<number, number>(async (items) => {
    groups.push(items);
    await new Promise<void>((resolve) => ends.push(resolve));
    if (items.includes(13)) throw new Error('unlucky');
    return items.map((item) => 2 * item);
  }, most);
  /** Ends group after group until none is left. */
  const endAll = async (): Promise<void> => {
    for (let end = ends.shift(); end !== undefined; end = ends.shift()) {
      end();
      await new Promise(setImmediate);
    }
  };
  return { gathered, groups, endAll };
}

it('does at once what is asked first, and together what is asked meanwhile', async () => {
  const { gathered, groups, endAll } = doubling();
  const answers = Promise.all([1, 2, 3].map((item) => gathered.do(item)));
  await endAll();
  expect(await answers).toEqual([2, 4, 6]);
  expect(groups).toEqual([[1], [2, 3]]);
});

it('gives the work no more than it takes at once, in the order in which it was asked', async () => {
  const { gathered, groups, endAll } = doubling(2);
  const answers = Promise.all([1, 2, 3, 4, 5, 6].map((item) => gathered.do(item)));
  await endAll();
  expect(await answers).toEqual([2, 4, 6, 8, 10, 12]);
  expect(groups).toEqual([[1], [2, 3], [4, 5], [6]]);
});

it('lets one that fails fail alone', async () => {
  const { gathered, groups, endAll } = doubling();
  const answers = Promise.allSettled([1, 2, 13, 3].map((item) => gathered.do(item)));
  await endAll();
  expect((await answers).map((each) => (each.status === 'fulfilled' ? each.value : String(each.reason)))).toEqual([
    2,
    4,
    'Error: unlucky',
    6,
  ]);
  expect(groups).toEqual([[1], [2, 13, 3], [2], [13], [3]]);
});

it('begins again after it was idle, and after it failed', async () => {
  const { gathered, endAll } = doubling();
  for (const [item, doubled] of [
    [1, 2],
    [13, 'failed'],
    [2, 4],
  ] as const) {
    const answer = gathered.do(item).catch(() => 'failed');
    await endAll();
    expect(await answer).toBe(doubled);
  }
});

it('runs in nobody’s own context', async () => {
  const context = new AsyncLocalStorage<string>();
  const gathered = new GatheredWork(
    (items: readonly number[]) => Promise.resolve(items.map(() => context.getStore())),
    9,
  );
  const seen = context.run('mine', () => Promise.all([gathered.do(1), gathered.do(2)]));
  expect(await seen).toEqual([undefined, undefined]);
});
