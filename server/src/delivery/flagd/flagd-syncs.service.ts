import { Injectable } from '@nestjs/common';
import type { Caller } from '../hot-route.provider.js';
import type { PreparedSnapshot } from '../prepared-snapshot.provider.js';
import { SnapshotCache } from '../snapshot-cache.service.js';
import { StreamHub } from '../stream-hub.service.js';
import { FlagdExports, type PreparedExport } from './flagd-exports.service.js';
import { FlagdSyncStream } from './flagd-sync-stream.provider.js';
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
  async fetch(caller: Caller, selector: string): Promise<PreparedExport> {
    return this.exports.of(await this.snapshotOf(caller, selector));
  }

  /** A stream of the environment, now and with each change. `cutOff` gives up a client that takes nothing. */
  async follow(caller: Caller, selector: string, cutOff: () => void): Promise<FlagdSyncStream> {
    const snapshot = await this.snapshotOf(caller, selector);
    const stream = new FlagdSyncStream(snapshot, (newest) => this.exports.of(newest).message, cutOff);
    this.streams.keep({ audience: 'flagd', ...caller }, snapshot, () => stream);
    return stream;
  }

  private async snapshotOf({ environmentId }: Caller, selector: string): Promise<PreparedSnapshot> {
    const snapshot = await this.cache.get(environmentId);
    checkSelector(selector, snapshot.flagSetId);
    return snapshot;
  }
}
