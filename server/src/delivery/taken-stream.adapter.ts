import type { SluiceError } from '../kernel/errors.js';
import { chooseDelivery } from '../platform/http/slow-consumer.js';
import { shuttingDown } from '../platform/shutdown/drain.service.js';
import type { PreparedSnapshot } from './prepared-snapshot.provider.js';
import type { SnapshotStream } from './stream-hub.service.js';

/**
 * One open stream, whatever carries it: whoever does takes one message after the other, each when the client has taken
 * the one before, so that a slow client queues none. It ends with the error it is closed with, since gRPC's clients come
 * back after errors alone.
 */
export abstract class TakenStream<Message> implements SnapshotStream {
  private readonly gone: (() => void)[] = [];
  private heldBeats = 0;
  private ending: SluiceError | 'left' | undefined;
  private wake: (() => void) | undefined;

  /** `cutOff` gives up a client that takes nothing. */
  constructor(private readonly cutOff: () => void) {}

  abstract bringTo(snapshot: PreparedSnapshot): void;

  /** What the client is to be sent now; undefined: nothing. */
  protected abstract take(): Message | undefined;

  /** What the client is to be sent, in order; throws what the stream is closed with. */
  async *messages(): AsyncGenerator<Message, void> {
    for (;;) {
      if (this.ending === 'left') return;
      if (this.ending !== undefined) throw this.ending;
      const message = this.take();
      if (message !== undefined) yield message;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  beat(): void {
    const isFull = this.wake === undefined;
    this.heldBeats = isFull ? this.heldBeats + 1 : 0;
    if (chooseDelivery({ isFull, heldHeartbeats: this.heldBeats }) !== 'disconnect') return;
    this.cutOff();
    // Who reads nothing does not hear of it either, and need not: nothing waits for that client any more.
    this.abandon();
  }

  close(reason: SluiceError): void {
    this.ending ??= reason;
    this.goOn();
  }

  leave(): void {
    this.close(shuttingDown());
  }

  onClose(listener: () => void): void {
    this.gone.push(listener);
  }

  /** The client has left: nobody takes messages any more. */
  abandon(): void {
    this.ending = 'left';
    for (const listener of this.gone.splice(0)) listener();
    this.goOn();
  }

  /** Looks again what there is to take. */
  protected goOn(): void {
    const { wake } = this;
    this.wake = undefined;
    wake?.();
  }
}
