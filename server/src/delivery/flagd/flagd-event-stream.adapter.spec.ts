import { describe, expect, it } from '@jest/globals';
import type { SnapshotFlag, SnapshotSegment } from '@sluice/sdk/evaluation';
import { unavailable } from '../../kernel/errors.js';
import { PreparedSnapshot } from '../prepared-snapshot.provider.js';
import { FlagdEventStream } from './flagd-event-stream.adapter.js';

const aFlag = (key: string, changes: Partial<SnapshotFlag> = {}): SnapshotFlag => ({
  key,
  type: 'boolean',
  version: 1,
  on: true,
  variations: [{ key: 'on', value: true }],
  targets: [],
  rules: [],
  prerequisites: [],
  ...changes,
});
const aSegment = (included: readonly string[]): SnapshotSegment => ({
  key: 'staff',
  included,
  excluded: [],
  rules: [],
});
const aSnapshot = (
  revision: number,
  flags: readonly SnapshotFlag[],
  segments: readonly SnapshotSegment[] = [],
): PreparedSnapshot =>
  new PreparedSnapshot(
    { schemaVersion: 1, project: 'shop', environment: 'live', revision, flags, segments },
    new Date(0),
  );

/** A stream that has said it is ready, and how often it was cut off. */
async function aReadyStream(newest: PreparedSnapshot) {
  const cuts: string[] = [];
  const stream = new FlagdEventStream(newest, () => cuts.push('cut'));
  const messages = stream.messages();
  expect(await messages.next()).toEqual({ done: false, value: { type: 'provider_ready' } });
  return { stream, messages, cuts };
}

const change = (type: string, flagKey: string): object => ({ type, flagKey, source: 'shop/live' });

describe('a stream of flagd events', () => {
  it('tells of flags that came, changed and went, and of those that depend on them', async () => {
    const clauses = [{ attribute: '', operator: 'inSegment', values: ['staff'] }];
    const rules = [{ id: 'r', clauses, serve: { variation: 'on' } }];
    const kept = [aFlag('kept'), aFlag('staffed', { rules })];
    const { stream, messages } = await aReadyStream(aSnapshot(1, [...kept, aFlag('old')], [aSegment(['a'])]));
    const next = messages.next();
    stream.bringTo(aSnapshot(2, [...kept, aFlag('new')], [aSegment(['b'])]));
    const flags = { new: change('write', 'new'), old: change('delete', 'old'), staffed: change('update', 'staffed') };
    expect((await next).value).toEqual({ type: 'configuration_change', data: { flags } });
  });

  it('tells what was missed as one change', async () => {
    const { stream, messages } = await aReadyStream(aSnapshot(1, [aFlag('a'), aFlag('b')]));
    stream.bringTo(aSnapshot(2, [aFlag('a', { on: false }), aFlag('b')]));
    stream.bringTo(aSnapshot(3, [aFlag('a', { on: false }), aFlag('b', { on: false })]));
    const flags = { a: change('update', 'a'), b: change('update', 'b') };
    expect((await messages.next()).value).toEqual({ type: 'configuration_change', data: { flags } });
  });

  it('sends one message to all that come from the same snapshots, also when they missed some', async () => {
    const revisions = [1, 2, 3].map((revision) =>
      aSnapshot(revision, [aFlag('a', { version: revision }), aFlag('b', { on: revision < 3 })]),
    );
    const [first, second, third] = revisions as [PreparedSnapshot, PreparedSnapshot, PreparedSnapshot]; // three
    const readers = [await aReadyStream(first), await aReadyStream(first)];
    const told = (): Promise<unknown[]> =>
      Promise.all(readers.map(async ({ messages }) => (await messages.next()).value));
    for (const { stream } of readers) stream.bringTo(second);
    const [one, same] = await told();
    expect(one).toMatchObject({ data: { flags: { a: change('update', 'a') } } });
    expect(same).toBe(one);
    for (const { stream } of readers) stream.beat();
    for (const { stream } of readers) stream.bringTo(third);
    for (const { stream } of readers) stream.beat();
    const [both, sameBoth] = await told();
    expect(both).toMatchObject({ data: { flags: { a: change('update', 'a'), b: change('update', 'b') } } });
    expect(sameBoth).toBe(both);
  });

  it('tells of a change once more a whole beat later, for another replica may have answered before it knew', async () => {
    const { stream, messages } = await aReadyStream(aSnapshot(1, [aFlag('a')]));
    const told = async (): Promise<unknown> => (await messages.next()).value;
    stream.bringTo(aSnapshot(2, [aFlag('a', { on: false })]));
    const expected = { type: 'configuration_change', data: { flags: { a: change('update', 'a') } } };
    expect(await told()).toEqual(expected);
    for (const message of [{ type: 'keep_alive' }, expected, { type: 'keep_alive' }, { type: 'keep_alive' }]) {
      const next = told();
      stream.beat();
      expect(await next).toEqual(message);
    }
  });

  it('says nothing of changes that change no answer, and shows all the same that it lives', async () => {
    const { stream, messages } = await aReadyStream(aSnapshot(1, [aFlag('a')]));
    const next = messages.next();
    stream.bringTo(aSnapshot(2, [aFlag('a')]));
    stream.beat();
    expect((await next).value).toEqual({ type: 'keep_alive' });
  });

  it('ends with the reason it is closed with', async () => {
    const { stream, messages } = await aReadyStream(aSnapshot(1, []));
    const next = messages.next();
    const reason = unavailable('SHUTTING_DOWN', 'Connect again.');
    stream.close(reason);
    await expect(next).rejects.toBe(reason);
  });

  it('ends quietly when its client has left, and says so', async () => {
    const { stream, messages } = await aReadyStream(aSnapshot(1, []));
    const gone = new Promise<void>((resolve) => stream.onClose(resolve));
    const next = messages.next();
    stream.abandon();
    await gone;
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('gives up a client that takes nothing for a minute', async () => {
    const { stream, cuts } = await aReadyStream(aSnapshot(1, []));
    for (let count = 0; count < 3; count += 1) stream.beat();
    const gone = new Promise<void>((resolve) => stream.onClose(resolve));
    expect(cuts).toEqual([]);
    stream.beat();
    expect(cuts).toEqual(['cut']);
    await gone;
  });
});
