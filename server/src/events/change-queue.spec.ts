import { describe, expect, it } from '@jest/globals';
import { ChangeQueue } from './change-queue.js';

function aQueue() {
  const heard: string[] = [];
  const queue = new ChangeQueue<number>(
    () => heard.push('overflow'),
    () => heard.push('end'),
  );
  return { queue, heard };
}

describe('A queue of changes', () => {
  it('hands over what waits, in order, and then what comes', async () => {
    const { queue } = aQueue();
    queue.push(1);
    queue.push(2);
    expect([await queue.next(), await queue.next()]).toEqual([1, 2].map((value) => ({ value, done: false })));
    const next = queue.next();
    queue.push(3);
    expect(await next).toEqual({ value: 3, done: false });
  });

  it('ends once, also for who waits', async () => {
    const { queue, heard } = aQueue();
    const next = queue.next();
    await queue.return();
    await queue.return();
    queue.push(1);
    expect([await next, await queue.next()]).toEqual(Array(2).fill({ value: undefined, done: true }));
    expect(heard).toEqual(['end']);
  });

  it('gives up a subscriber who lets a thousand wait', async () => {
    const { queue, heard } = aQueue();
    for (let change = 0; change < 1_000; change += 1) queue.push(change);
    expect(heard).toEqual([]);
    queue.push(1_000);
    queue.push(1_001);
    expect(heard).toEqual(['overflow', 'end']);
    expect(await queue.next()).toEqual({ value: undefined, done: true });
  });
});
