import { beforeEach, expect, it } from '@jest/globals';
import type { EventDraft, EventRecord } from '../../src/events/index.js';
import type { EventFilter } from '../../src/events/event-query.js';
import { EventsRepository } from '../../src/events/events.repository.js';
import { anEvent } from '../builders/an-event.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { useDatabase } from './use-database.js';

const WRITERS = 8;
const EVENTS_EACH = 20;

/** What the repository of events promises on every database. */
export function describeEvents(open: OpenDatabase): void {
  const store = useDatabase(open);
  const events = new EventsRepository();
  const ids = new SequentialIds();
  let projectId: string;
  const append = (overrides: Partial<EventDraft> = {}) =>
    store.run((tx) => events.append(tx, ids.next(), anEvent({ projectId, ...overrides })));
  const listAfter = (after: number, limit = 1_000) =>
    store.transactions.read((tx) => events.listAfter(tx, projectId, { after, limit }));

  beforeEach(() => {
    projectId = ids.next();
  });

  it('gives an event back as it was stored, with its place', async () => {
    const draft = anEvent({ projectId, data: { why: 'errors', shares: [1, 2.5, null], nested: { ok: true } } });
    const stored = await append(draft);
    expect(stored).toEqual({ ...draft, id: stored.id, sequence: expect.any(Number) });
    expect(await listAfter(0)).toEqual([stored]);
  });

  it('stores what concerns no one environment', async () => {
    expect((await append({ environmentId: undefined })).environmentId).toBeNull();
  });

  it('keeps nothing of a transaction that failed', async () => {
    const failing = store.run(async (tx) => {
      await events.append(tx, ids.next(), anEvent({ projectId }));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await listAfter(0)).toEqual([]);
  });

  it('lists in order, from where a reader was, as many as asked', async () => {
    const [, second, third] = [await append(), await append(), await append(), await append()];
    expect(await listAfter(second.sequence, 1)).toEqual([third]);
  });

  it('lists what a filter lets through: an environment, a subject, a type or the beginning of types', async () => {
    const [first, second, third] = [
      await append({ environmentId: ids.next() }),
      await append({ subject: 'release/2', type: 'dev.sluice.release.paused' }),
      await append({ type: 'dev.cdevents.service.deployed.0.2.0' }),
    ];
    const list = (filter: EventFilter) =>
      store.run((tx) => events.listAfter(tx, projectId, { after: 0, limit: 10, ...filter }));
    expect(await list({ environmentIds: [first.environmentId ?? ''] })).toEqual([first]);
    expect(await list({ subject: 'release/2' })).toEqual([second]);
    expect(await list({ subject: 'release' })).toEqual([]);
    expect(await list({ type: 'dev.sluice.release.*' })).toEqual([first, second]);
    expect(await list({ type: 'dev.cdevents.service.deployed.0.2.0' })).toEqual([third]);
    expect(await list({ type: '*', environmentIds: [second.environmentId ?? ''] })).toEqual([second, third]);
  });

  it('knows the newest of all and of each project', async () => {
    const mine = await append();
    const [other, none] = [ids.next(), ids.next()];
    const theirs = await append({ projectId: other });
    expect(await store.run((tx) => events.newest(tx))).toBe(theirs.sequence);
    const newest = await store.run((tx) => events.newestOf(tx, [projectId, other, none]));
    expect([...newest]).toEqual(
      expect.arrayContaining([
        [projectId, mine.sequence],
        [other, theirs.sequence],
      ]),
    );
    expect(newest.size).toBe(2);
  });

  it('finds events by their sequence', async () => {
    const [first, , third] = [await append(), await append(), await append()];
    const found = await store.run((tx) => events.findMany(tx, [third.sequence, first.sequence, 2_000_000_000]));
    expect(found).toHaveLength(2);
    expect(found).toEqual(expect.arrayContaining([first, third]));
  });

  it('forgets the oldest, no more than asked, and never gives their sequences again', async () => {
    const at = new Date('2020-01-01T00:00:00.000Z');
    const old = [await append({ at }), await append({ at }), await append({ at })];
    const forget = (limit: number) => store.run((tx) => events.forget(tx, new Date('2020-01-01T00:00:00.001Z'), limit));
    expect([await forget(2), await forget(2), await forget(2)]).toEqual([2, 1, 0]);
    expect(await listAfter(0)).toEqual([]);
    expect((await append()).sequence).toBeGreaterThan(Math.max(...old.map(({ sequence }) => sequence)));
  });

  it('shows no event before all with lower sequences: who writes later commits later', async () => {
    const subjectsNow = async () => (await listAfter(0)).map(({ subject }) => subject);
    let haveAppended: () => void = () => undefined;
    const appended = new Promise<void>((resolve) => (haveAppended = resolve));
    const slow = store.run(async (tx) => {
      await events.append(tx, ids.next(), anEvent({ projectId, subject: 'release/slow' }));
      haveAppended();
      // Time for the quick one to overtake, if anything lets it.
      for (let n = 0; n < 100; n++) await events.listAfter(tx, projectId, { after: 0, limit: 10 });
    });
    await appended;
    const afterQuick = append({ subject: 'release/quick' }).then(subjectsNow);
    await slow;
    expect(await afterQuick).toEqual(['release/slow', 'release/quick']);
  });

  it('lets a reader who goes on from what it read miss nothing, however many write at once', async () => {
    const write = async (writer: number): Promise<void> => {
      for (let n = 0; n < EVENTS_EACH; n++) await append({ subject: `release/${writer}-${n}` });
    };
    const read: EventRecord[] = [];
    const readOn = async (): Promise<void> => {
      read.push(...(await listAfter(read.at(-1)?.sequence ?? 0)));
    };
    let isWritten = false;
    const follow = async (): Promise<void> => {
      while (!isWritten) await readOn();
      await readOn();
    };
    const following = follow();
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
    isWritten = true;
    await following;
    expect(read).toHaveLength(WRITERS * EVENTS_EACH);
    expect(read).toEqual(await listAfter(0));
  });
}
