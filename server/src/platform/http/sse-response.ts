import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { chooseDelivery } from './slow-consumer.js';

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/**
 * Turns a reply into an event stream that begins with the given text; its headers so far are kept. Undefined when the
 * client has left meanwhile.
 */
export function beginSse(reply: FastifyReply, opening: string): ServerResponse | undefined {
  const { raw } = reply;
  reply.hijack();
  if (raw.destroyed) return undefined;
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200, STREAM_HEADERS);
  raw.write(opening);
  // What breaks is closed, and whoever holds the response hears of that.
  raw.on('error', () => undefined);
  return raw;
}

/** One open event stream, as far as all are alike: what its client has yet to take, heartbeats, the end. */
export abstract class SseResponse {
  private heldHeartbeats = 0;

  constructor(protected readonly response: ServerResponse) {}

  /** Sends a heartbeat. To a client that takes nothing it says nothing, and gives it up in the end. */
  beat(heartbeat: Buffer): void {
    this.heldHeartbeats = this.response.writableNeedDrain ? this.heldHeartbeats + 1 : 0;
    const delivery = this.delivery();
    if (delivery === 'send') this.response.write(heartbeat);
    if (delivery === 'disconnect') this.response.destroy();
  }

  /** Ends politely, after a last word; a client that is not reading is cut off. */
  end(lastWord = ''): void {
    if (this.response.writableNeedDrain) this.response.destroy();
    else this.response.end(lastWord);
  }

  /** Ends so that the client comes back elsewhere: not by this connection either, which it might keep. */
  leave(lastWord = ''): void {
    const { socket } = this.response;
    this.response.once('finish', () => socket?.destroySoon());
    this.end(lastWord);
  }

  /** Whether there is anything to send to: the client has taken what it was sent, and the stream has not ended. */
  protected canTake(): boolean {
    return !this.response.destroyed && !this.response.writableEnded && this.delivery() === 'send';
  }

  private delivery(): ReturnType<typeof chooseDelivery> {
    return chooseDelivery({ isFull: this.response.writableNeedDrain, heldHeartbeats: this.heldHeartbeats });
  }
}
