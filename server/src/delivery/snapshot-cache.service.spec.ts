import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Snapshot } from '@sluice/sdk/evaluation';
import { FakeBus } from '../../test/fakes/fake-bus.js';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { ENVIRONMENT_CHANGED } from '../projects/index.js';
import { SnapshotCache } from './snapshot-cache.service.js';
import { SnapshotSource } from './snapshot-source.js';

const SWEEP_MS = 1_000;

/** A store of environments, each at a revision. */
class Store extends SnapshotSource {
  readonly revisionOf = new Map([['e', 1]]);
  loads = 0;

  override load(id: string): Promise<Snapshot | undefined> {
    this.loads += 1;
    const revision = this.revisionOf.get(id);
    if (revision === undefined) return Promise.resolve(undefined);
    const empty = { flags: [], segments: [] };
    return Promise.resolve({ schemaVersion: 1, project: 'shop', environment: id, revision, ...empty });
  }

  override revisions(): Promise<readonly { readonly id: string; readonly revision: number }[]> {
    return Promise.resolve([...this.revisionOf].map(([id, revision]) => ({ id, revision })));
  }
}

describe('SnapshotCache', () => {
  let store: Store;
  let bus: FakeBus;
  let cache: SnapshotCache;
  let served: (number | undefined)[];
  beforeEach(async () => {
    jest.useFakeTimers();
    store = new Store();
    bus = new FakeBus();
    cache = new SnapshotCache(store, bus, new FakeClock());
    served = [];
    cache.onChange((_id, snapshot) => served.push(snapshot?.revision));
    cache.onApplicationBootstrap();
    await cache.get('e');
  });
  afterEach(async () => {
    await cache.beforeApplicationShutdown();
    jest.useRealTimers();
  });
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
  const tell = (revision: number) => bus.publish(ENVIRONMENT_CHANGED, { environmentId: 'e', revision });

  it('comes to what the bus tells of at once, and asks the store for nothing that it has', async () => {
    store.revisionOf.set('e', 2);
    await tell(2);
    await pass(0);
    expect(served).toEqual([1, 2]);
    await tell(2);
    await tell(1);
    await pass(0);
    expect([served, store.loads]).toEqual([[1, 2], 2]);
  });

  it('finds by the revision of the next message all that it missed before it', async () => {
    for (const revision of [2, 3, 4]) store.revisionOf.set('e', revision);
    await tell(4);
    await pass(0);
    expect(served).toEqual([1, 4]);
  });

  it('looks at once after a gap, and not only when its time has come', async () => {
    bus.cut();
    store.revisionOf.set('e', 2);
    await pass(0);
    expect(served).toEqual([1]);
    bus.join();
    await pass(0);
    expect(served).toEqual([1, 2]);
  });

  it('finds within a second what nobody told of, a restored backup and the end of an environment among it', async () => {
    bus.cut();
    for (const revision of [7, 3]) {
      store.revisionOf.set('e', revision);
      await pass(SWEEP_MS);
    }
    store.revisionOf.delete('e');
    await pass(SWEEP_MS);
    expect(served).toEqual([1, 7, 3, undefined]);
  });
});
