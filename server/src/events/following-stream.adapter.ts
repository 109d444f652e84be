import type { ServerResponse } from 'node:http';
import { formatMessage } from '../platform/http/sse-frame.js';
import { SseResponse } from '../platform/http/sse-response.js';
import type { CloudEvent } from './cloud-event.js';

/** The most that is held for a client that has yet to take it. */
const BATCH = 100;

type ReadAfter = (sequence: number, limit: number) => Promise<readonly CloudEvent[]>;

/**
 * One open response that follows the store. It remembers the sequence its client was sent last and reads on from there,
 * a batch at a time and only when the client has taken the one before: nothing is skipped, and nothing queues up.
 */
export class FollowingStream extends SseResponse {
  private hasNews = false;
  private reading: Promise<void> | undefined;

  /** `position`: the sequence up to which the client needs nothing. */
  constructor(
    response: ServerResponse,
    private readonly readAfter: ReadAfter,
    private position: number,
  ) {
    super(response);
  }

  /** Sends what there is behind the client's position. Rejects when the store fails; what follows makes up for it. */
  bringUpToDate(): Promise<void> {
    this.hasNews = true;
    this.reading ??= this.readOn().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async readOn(): Promise<void> {
    while (this.hasNews && this.canTake()) {
      this.hasNews = false;
      const batch = await this.readAfter(this.position, BATCH);
      if (!this.canTake()) return;
      for (const event of batch) {
        this.response.write(formatMessage(event.sluicesequence, JSON.stringify(event)));
        this.position = Number(event.sluicesequence);
      }
      if (batch.length === BATCH) this.hasNews = true;
    }
  }
}
