import type { ServerResponse } from 'node:http';
import { SseResponse } from '../platform/http/sse-response.js';
import type { PreparedSnapshot } from './prepared-snapshot.provider.js';
import type { SnapshotStream } from './stream-hub.service.js';

/** What a stream tells a client about the way from one position to a snapshot. */
export type Feed = (snapshot: PreparedSnapshot, from: string | undefined) => readonly Buffer[];

/**
 * One open response. It remembers what its client was sent last and goes from there straight to the newest, so that
 * revisions never arrive out of order and a slow client queues nothing.
 */
export class EventStream extends SseResponse implements SnapshotStream {
  private newest: PreparedSnapshot | undefined;

  /** `position`: what the client has. */
  constructor(
    response: ServerResponse,
    private readonly feed: Feed,
    private position: string | undefined,
  ) {
    super(response);
    response.on('drain', () => {
      if (this.newest !== undefined) this.bringTo(this.newest);
    });
  }

  /** Sends what leads to a snapshot; to a client that has yet to take what it was sent before, when it has. */
  bringTo(snapshot: PreparedSnapshot): void {
    this.newest = snapshot;
    if (snapshot.position === this.position || !this.canTake()) return;
    // The bytes are not copied: all streams share them. Node sends what one tick writes as one.
    for (const frame of this.feed(snapshot, this.position)) this.response.write(frame);
    this.position = snapshot.position;
  }

  /** A client that sees its stream end comes back, and is told then what is wrong. */
  close(): void {
    this.end();
  }

  onClose(listener: () => void): void {
    this.response.once('close', listener);
  }
}
