import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '@sluice/sdk/evaluation';
import { Clock } from '../kernel/clock.js';
import { ServedEnvironment } from './served-environment.provider.js';
import { SnapshotSource } from './snapshot-source.js';

const aSnapshot = (revision: number, project = 'shop'): Snapshot => ({
  schemaVersion: 1,
  project,
  environment: 'live',
  revision,
  flags: [],
  segments: [],
});

class StillClock extends Clock {
  ms = 1_000_000;
  override now(): Date {
    return new Date(this.ms);
  }
}

/** A source whose loads end when the test says, with what the store held when they began. */
class HeldSource extends SnapshotSource {
  stored: Snapshot | undefined = aSnapshot(1);
  begun = 0;
  private running = 0;
  mostAtOnce = 0;
  private readonly held: (() => void)[] = [];
  isHolding = false;
  failure: Error | undefined;

  override async load(): Promise<Snapshot | undefined> {
    const found = this.stored;
    const { failure } = this;
    this.begun += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.running);
    if (this.isHolding) await new Promise<void>((resolve) => this.held.push(resolve));
    this.running -= 1;
    if (failure !== undefined) throw failure;
    return found;
  }

  override revisions(): Promise<readonly { id: string; revision: number }[]> {
    return Promise.resolve([]);
  }

  release(): void {
    this.held.shift()?.();
  }
}

const setUp = () => {
  const source = new HeldSource();
  const clock = new StillClock();
  const seen: (number | undefined)[] = [];
  const served = new ServedEnvironment('e', source, clock, () => seen.push(served.current?.revision));
  return { source, clock, served, seen };
};
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

describe('ServedEnvironment', () => {
  it('loads once for all who ask first', async () => {
    const { source, served, seen } = setUp();
    source.isHolding = true;
    const all = Promise.all([served.firstLoad(), served.firstLoad(), served.firstLoad()]);
    source.release();
    await all;
    await served.firstLoad();
    expect([source.begun, seen]).toEqual([1, [1]]);
  });

  it('loads again, after the load on its way, for changes that may have missed it; once for all of them', async () => {
    const { source, served, seen } = setUp();
    source.isHolding = true;
    const first = served.refresh();
    source.stored = aSnapshot(2);
    const second = served.refresh();
    source.stored = aSnapshot(3);
    const third = served.refresh();
    source.release();
    await first;
    await settle();
    expect(served.current?.revision).toBe(1);
    source.release();
    await Promise.all([second, third]);
    expect([source.begun, source.mostAtOnce, seen]).toEqual([2, 1, [1, 3]]);
  });

  it('says nothing when nothing changed', async () => {
    const { served, seen } = setUp();
    await served.refresh();
    const before = served.current;
    await served.refresh();
    expect(seen).toEqual([1]);
    expect(served.current).toBe(before);
  });

  it('keeps serving what it has while loading fails, and recovers', async () => {
    const { source, served } = setUp();
    await served.refresh();
    source.failure = new Error('the store is away');
    await expect(served.refresh()).rejects.toThrow('away');
    expect(served.current?.revision).toBe(1);
    source.failure = undefined;
    source.stored = aSnapshot(2);
    await served.refresh();
    expect(served.current?.revision).toBe(2);
  });

  it('follows a restored store back to a lower revision, with everything instead of a patch', async () => {
    const { source, served, seen } = setUp();
    source.stored = aSnapshot(9);
    await served.refresh();
    const position = served.current?.position;
    source.stored = aSnapshot(4, 'restored');
    await served.refresh();
    expect(seen).toEqual([9, 4]);
    expect(Buffer.concat([...(served.current?.framesSince(position) ?? [])]).toString()).toMatch(
      /^event: put\nid: 4\./u,
    );
  });

  it('looks for a revision that a client has seen elsewhere, but not at each such request', async () => {
    const { source, clock, served } = setUp();
    await served.firstLoad();
    await served.catchUpWith(1);
    expect(source.begun).toBe(1);
    source.stored = aSnapshot(2);
    await served.catchUpWith(2);
    expect(served.current?.revision).toBe(2);
    for (let count = 0; count < 10; count++) await served.catchUpWith(999);
    expect(source.begun).toBe(2);
    clock.ms += 1_000;
    await served.catchUpWith(999);
    expect(source.begun).toBe(3);
  });

  it('forgets an environment that is gone', async () => {
    const { source, served, seen } = setUp();
    await served.refresh();
    source.stored = undefined;
    await served.refresh();
    expect(seen).toEqual([1, undefined]);
  });
});
