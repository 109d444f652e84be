import { Injectable } from '@nestjs/common';
import type { PreparedSnapshot } from '../prepared-snapshot.provider.js';
import { SnapshotCache } from '../snapshot-cache.service.js';
import { StreamHub } from '../stream-hub.service.js';
import type { FlagdCaller } from './flagd-callers.provider.js';
import { FlagdExports, type PreparedExport } from './flagd-exports.service.js';
import { FlagdSyncStream } from './flagd-sync-stream.adapter.js';
import { checkSelector } from './selector.js';

/** What flagd's clients are handed that evaluate by themselves. */
@Injectable()
export class FlagdSyncs {
  constructor(
    private readonly cache: SnapshotCache,
    private readonly streams: StreamHub,
    private readonly exports: FlagdExports,
  ) {}

  /** The environment of the caller as it is now. Throws as checkSelector does, and as SnapshotCache.get. */
  async fetch(caller: FlagdCaller): Promise<PreparedExport> {
    return this.exports.of(await this.snapshotOf(caller));
  }

  /** A stream of the environment, now and with each change. `cutOff` gives up a client that takes nothing. */
  async follow(caller: FlagdCaller, cutOff: () => void): Promise<FlagdSyncStream> {
    const snapshot = await this.snapshotOf(caller);
    const stream = new FlagdSyncStream(snapshot, (newest) => this.exports.of(newest).message, cutOff);
    this.streams.keep({ audience: 'flagd', ...caller }, snapshot, () => stream);
    return stream;
  }

  private async snapshotOf({ environmentId, selector }: FlagdCaller): Promise<PreparedSnapshot> {
    const snapshot = await this.cache.get(environmentId);
    checkSelector(selector, snapshot.flagSetId);
    return snapshot;
  }
}
