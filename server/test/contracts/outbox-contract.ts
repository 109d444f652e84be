import { beforeEach, expect, it } from '@jest/globals';
import { Topic } from '../../src/platform/bus/bus.js';
import { OutboxRepository } from '../../src/platform/outbox/outbox.repository.js';
import { FakeClock } from '../fakes/fake-clock.js';
import type { OpenDatabase } from './databases.js';
import { useDatabase } from './use-database.js';

const TOPIC = new Topic<{ readonly n: number }>('tests.numbered');

/** What the outbox repository promises on every database. */
export function describeOutbox(open: OpenDatabase): void {
  const store = useDatabase(open);
  const clock = new FakeClock();
  const outbox = new OutboxRepository(clock);
  const append = (...numbers: readonly number[]) =>
    store.run(async (tx) => {
      for (const n of numbers) await outbox.append(tx, TOPIC, { n });
    });
  const takeAll = () => store.run((tx) => outbox.take(tx, 1_000));
  const numbersOf = (messages: Awaited<ReturnType<typeof takeAll>>) => messages.map(({ payload }) => payload);

  beforeEach(takeAll);

  it('hands each message over once, payload and topic as they were', async () => {
    await append(1, 2);
    const taken = await takeAll();
    expect(taken.map(({ topic }) => topic)).toEqual(['tests.numbered', 'tests.numbered']);
    expect(numbersOf(taken)).toEqual(expect.arrayContaining([{ n: 1 }, { n: 2 }]));
    expect(await takeAll()).toEqual([]);
  });

  it('hands over the oldest first, as many as asked', async () => {
    await append(1, 2, 3, 4, 5);
    const first = await store.run((tx) => outbox.take(tx, 2));
    expect(numbersOf(first)).toEqual(expect.arrayContaining([{ n: 1 }, { n: 2 }]));
    expect(first).toHaveLength(2);
    expect(await takeAll()).toHaveLength(3);
  });

  it('tells how many wait, and since when', async () => {
    const waiting = () => store.transactions.read((tx) => outbox.backlog(tx));
    expect(await waiting()).toEqual({ waiting: 0, oldestAt: null });
    const since = clock.now();
    await append(1);
    clock.advance(1_000);
    await append(2);
    expect(await waiting()).toEqual({ waiting: 2, oldestAt: since });
  });

  it('keeps what was taken when the taking transaction fails', async () => {
    await append(1);
    const failing = store.run(async (tx) => {
      await outbox.take(tx, 10);
      throw new Error('the bus is away');
    });
    await expect(failing).rejects.toThrow('the bus is away');
    expect(numbersOf(await takeAll())).toEqual([{ n: 1 }]);
  });

  it('holds nothing of a transaction that failed', async () => {
    const failing = store.run(async (tx) => {
      await outbox.append(tx, TOPIC, { n: 1 });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await takeAll()).toEqual([]);
  });

  it('gives no message to two takers', async () => {
    await append(...Array.from({ length: 40 }, (_, n) => n));
    const takes = await Promise.all(Array.from({ length: 8 }, () => store.run((tx) => outbox.take(tx, 10))));
    const ids = takes.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length + (await takeAll()).length).toBe(40);
  });
}
