import type { ServerResponse } from 'node:http';
import type { PreparedSnapshot } from './prepared-snapshot.provider.js';
import { chooseDelivery } from './slow-consumer.js';

/** What a stream tells a client about the way from one position to a snapshot. */
export type Feed = (snapshot: PreparedSnapshot, from: string | undefined) => readonly Buffer[];

/**
 * One open response. It remembers what its client was sent last and goes from there straight to the newest, so that
 * revisions never arrive out of order and a slow client queues nothing.
 */
export class EventStream {
  private heldHeartbeats = 0;

  /** `position`: what the client has. */
  constructor(
    private readonly response: ServerResponse,
    private readonly feed: Feed,
    private position: string | undefined,
  ) {}

  /** Sends what leads to a snapshot, unless the client has yet to take what it was sent before. */
  bringTo(snapshot: PreparedSnapshot): void {
    if (snapshot.position === this.position || this.delivery() !== 'send') return;
    // The bytes are not copied: all streams share them. Node sends what one tick writes as one.
    for (const frame of this.feed(snapshot, this.position)) this.response.write(frame);
    this.position = snapshot.position;
  }

  /** Sends a heartbeat. To a client that takes nothing it says nothing, and gives it up in the end. */
  beat(heartbeat: Buffer): void {
    this.heldHeartbeats = this.response.writableNeedDrain ? this.heldHeartbeats + 1 : 0;
    const delivery = this.delivery();
    if (delivery === 'send') this.response.write(heartbeat);
    if (delivery === 'disconnect') this.response.destroy();
  }

  /** Ends politely; a client that is not reading is cut off. */
  end(): void {
    if (this.response.writableNeedDrain) this.response.destroy();
    else this.response.end();
  }

  private delivery(): ReturnType<typeof chooseDelivery> {
    return chooseDelivery({ isFull: this.response.writableNeedDrain, heldHeartbeats: this.heldHeartbeats });
  }
}
