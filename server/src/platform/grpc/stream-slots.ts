import { limited } from '../../kernel/errors.js';

/** Room for so many streams at a time, of a kind that anybody may open. */
export class StreamSlots {
  private taken = 0;

  constructor(private readonly limit: number) {}

  /** Takes a slot; throws `limited` when all are taken. Returns the way to give it back, which does so once. */
  take(): () => void {
    if (this.taken >= this.limit) {
      const sentence = `${this.limit} streams like this are open here already; close those you do not need, or wait.`;
      throw limited('TOO_MANY_STREAMS', sentence, { data: { limit: this.limit, retryAfterSeconds: 10 } });
    }
    this.taken += 1;
    let isHeld = true;
    return () => {
      if (isHeld) this.taken -= 1;
      isHeld = false;
    };
  }
}
