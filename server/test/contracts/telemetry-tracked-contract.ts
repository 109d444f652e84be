import { beforeEach, expect, it } from '@jest/globals';
import type { TrackedSum } from '../../src/telemetry/telemetry-batch.js';
import { TrackedEventsRepository } from '../../src/telemetry/tracked-events.repository.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { useDatabase } from './use-database.js';

const at = (time: string): Date => new Date(`2026-01-01T${time}.000Z`);
const tracked = (event: string, count = 1, sum = 0, lastAt = at('12:00:00')): TrackedSum => {
  return { event, count, sum, lastAt };
};

/** What the repository of tracked events promises on every database. */
export function describeTrackedEvents(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const events = new TrackedEventsRepository();
  let environmentId: string;
  const add = (...sums: readonly TrackedSum[]) =>
    store.run((tx) =>
      events.add(
        tx,
        sums.map((each) => ({ ...each, environmentId })),
      ),
    );
  const list = (limit = 100, after?: string) => store.run((tx) => events.list(tx, environmentId, { limit, after }));

  beforeEach(() => {
    environmentId = ids.next();
  });

  it('sums counts and values and keeps the latest time, whichever report comes first', async () => {
    await add(tracked('bought', 2, 20.5, at('10:00:01')), tracked('seen', 1));
    await add(tracked('bought', 3, -0.25, at('10:00:00')));
    expect(await list()).toEqual([tracked('bought', 5, 20.25, at('10:00:01')), tracked('seen', 1)]);
  });

  it('adds nothing for an empty report, and nothing to other environments', async () => {
    await add(tracked('bought'));
    environmentId = ids.next();
    await add();
    expect(await list()).toEqual([]);
  });

  it.each([1e30, -1e30, 5e-324, 0.1])('keeps a sum of %d to the last bit', async (sum) => {
    await add(tracked('bought', 1, sum));
    expect(await list()).toEqual([tracked('bought', 1, sum)]);
  });

  it('stops counting where numbers are no longer exact', async () => {
    await add(tracked('endless', Number.MAX_SAFE_INTEGER));
    await add(tracked('endless', 1, 7));
    expect(await list()).toMatchObject([{ count: Number.MAX_SAFE_INTEGER, sum: 7 }]);
  });

  it('loses nothing and never deadlocks when many reports of the same events, in any order, come at once', async () => {
    const sums = Array.from({ length: 30 }, (_, i) => tracked(`event-${i}`, 1, 2));
    await Promise.all(Array.from({ length: 10 }, (_, i) => add(...(i % 2 === 0 ? sums : sums.toReversed()))));
    const found = await list();
    expect(found).toHaveLength(30);
    for (const { count, sum } of found) expect({ count, sum }).toEqual({ count: 10, sum: 20 });
  });

  it('lists by name, one more than the limit, after the cursor', async () => {
    await add(tracked('c'), tracked('a'), tracked('b 🛒'));
    const namesOf = (found: readonly TrackedSum[]) => found.map(({ event }) => event);
    expect(namesOf(await list(1))).toEqual(['a', 'b 🛒']);
    expect(namesOf(await list(5, 'a'))).toEqual(['b 🛒', 'c']);
  });
}
