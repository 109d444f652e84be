/** The most changes that wait for a subscriber who does not take them. */
const MAX_WAITING = 1_000;

/**
 * What one subscriber has yet to take, in order. Bounded: who lets too many wait is given up, and looks anew when it
 * comes back.
 */
export class ChangeQueue<T> implements AsyncIterableIterator<T> {
  private readonly waiting: T[] = [];
  private taker: ((result: IteratorResult<T, undefined>) => void) | undefined;
  private isEnded = false;

  /** `onOverflow` is called once when too many wait, `onEnd` once at the end, whoever ended it. */
  constructor(
    private readonly onOverflow: () => void,
    private readonly onEnd: () => void,
  ) {}

  push(change: T): void {
    if (this.isEnded) return;
    if (this.taker !== undefined) {
      const take = this.taker;
      this.taker = undefined;
      take({ value: change, done: false });
    } else if (this.waiting.length < MAX_WAITING) {
      this.waiting.push(change);
    } else {
      this.onOverflow();
      this.end();
    }
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const [value] = this.waiting.splice(0, 1);
    if (value !== undefined) return Promise.resolve({ value, done: false });
    if (this.isEnded) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => {
      this.taker = resolve;
    });
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.waiting.length = 0;
    this.taker?.({ value: undefined, done: true });
    this.taker = undefined;
    this.onEnd();
  }
}
