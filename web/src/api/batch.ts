/** Gathers what comes in a short while, and hands it over at once: several changes may tell of one thing. */
export class Batch<T> {
  private gathered = new Set<T>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly waitMs: number;
  private readonly handOver: (gathered: ReadonlySet<T>) => void;

  constructor(waitMs: number, handOver: (gathered: ReadonlySet<T>) => void) {
    this.waitMs = waitMs;
    this.handOver = handOver;
  }

  add(each: T): void {
    this.gathered.add(each);
    this.timer ??= setTimeout(() => {
      const { gathered } = this;
      this.timer = undefined;
      this.gathered = new Set();
      this.handOver(gathered);
    }, this.waitMs);
  }
}
