import { Clock } from '../../kernel/clock.js';

/** A difference that nobody would set a clock right for, milliseconds. */
const SLIGHT_MS = 50;

/**
 * The time that all replicas share: this machine's clock, corrected by what was last seen of the store's. A replica whose
 * clock is a minute wrong would else cut the steps of ramps short, and take tokens for expired.
 */
export class SharedClock extends Clock {
  private correctionMs = 0;

  /** `localMs`: this machine's clock, milliseconds since the epoch. */
  constructor(private readonly localMs: () => number) {
    super();
  }

  override now(): Date {
    return new Date(this.localMs() + this.correctionMs);
  }

  /**
   * Takes over what the store's clock said at some moment of a question that has just been answered. What lies within the
   * uncertainty of the way there and back changes nothing: the time does not tremble. Answers the correction in use, in
   * milliseconds; negative: this machine is ahead.
   */
  keepTo(store: { readonly at: Date; readonly tookMs: number }): number {
    const offsetMs = store.at.getTime() - (this.localMs() - store.tookMs / 2);
    const uncertainMs = Math.max(SLIGHT_MS, store.tookMs);
    if (Math.abs(offsetMs - this.correctionMs) > uncertainMs) {
      // Back to none where none is needed any more.
      this.correctionMs = Math.abs(offsetMs) > uncertainMs ? Math.round(offsetMs) : 0;
    }
    return this.correctionMs;
  }
}
