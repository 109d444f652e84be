import type { ServerResponse } from 'node:http';
import { SseResponse } from '../platform/http/sse-response.js';
import type { PreparedSnapshot } from './prepared-snapshot.provider.js';

/** What a stream tells a client about the way from one position to a snapshot. */
export type Feed = (snapshot: PreparedSnapshot, from: string | undefined) => readonly Buffer[];

/**
 * One open response. It remembers what its client was sent last and goes from there straight to the newest, so that
 * revisions never arrive out of order and a slow client queues nothing.
 */
export class EventStream extends SseResponse {
  /** `position`: what the client has. */
  constructor(
    response: ServerResponse,
    private readonly feed: Feed,
    private position: string | undefined,
  ) {
    super(response);
  }

  /** Sends what leads to a snapshot, unless the client has yet to take what it was sent before. */
  bringTo(snapshot: PreparedSnapshot): void {
    if (snapshot.position === this.position || !this.canTake()) return;
    // The bytes are not copied: all streams share them. Node sends what one tick writes as one.
    for (const frame of this.feed(snapshot, this.position)) this.response.write(frame);
    this.position = snapshot.position;
  }
}
