import type { Json } from '../../kernel/json.js';

/** A named kind of message and the shape of what it carries. */
export class Topic<Payload extends Json> {
  declare private readonly payload: Payload;

  constructor(readonly name: string) {}
}

/**
 * Tells every replica that something changed. At most once and in no promised order: a message is only a hint to
 * look, and whoever listens must also look on its own: from time to time, and at once after a gap.
 */
export abstract class Bus {
  /** Whether this replica hears the others, and they hear it. False: whatever the store does not tell, nobody does. */
  abstract get isConnected(): boolean;
  /** Rejects, soon, when the message cannot be told now. */
  abstract publish<P extends Json>(topic: Topic<P>, payload: P): Promise<void>;
  /** Returns the way to stop listening. A listener that throws harms no other. */
  abstract subscribe<P extends Json>(topic: Topic<P>, listener: (payload: P) => void): () => void;
  /**
   * Calls back when this replica hears the others again: what was told meanwhile is lost to it. Whoever looks at the
   * store then misses nothing, for what is told from here on is heard. Returns the way to stop listening.
   */
  abstract onGap(listener: () => void): () => void;
  /** How many replicas listen, this one among them. Rejects when there is no telling. */
  abstract replicas(): Promise<number>;
  abstract close(): Promise<void>;
}
