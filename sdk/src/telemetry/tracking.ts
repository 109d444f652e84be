import type { TrackedSum } from './batch.js';
import { isReportableName } from './reportable-name.js';

/** Distinct events counted between two reports, as many as a batch may hold. */
export const EVENT_LIMIT = 500;
/** As much as a batch may say. */
const MAX_SUM = 1e30;
interface Sum {
  count: number;
  sum: number;
  lastAtMs: number;
}

/** Sums of what was tracked since they were last taken. Its size is bounded, however long that is. */
export class Tracking {
  #sums = new Map<string, Sum>();
  #dropped = 0;

  constructor(private readonly eventLimit = EVENT_LIMIT) {}

  /** How often something was tracked since the sums were last taken that cannot be reported. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Counts one occurrence. A value that is no finite number, or that no sum can hold, adds nothing to the sum. */
  record(event: string, value: number | undefined, nowMs: number): void {
    const known = this.#sums.get(event) ?? this.#add(event);
    if (known === undefined) {
      this.#dropped += 1;
      return;
    }
    known.count += 1;
    known.lastAtMs = nowMs;
    const sum = Number.isFinite(value) ? known.sum + Number(value) : known.sum;
    if (Math.abs(sum) <= MAX_SUM) known.sum = sum;
  }

  /** Hands over the sums and begins anew. */
  take(): readonly TrackedSum[] {
    const taken = Array.from(this.#sums, ([event, { count, sum, lastAtMs }]) => {
      return { event, count, sum, lastAt: new Date(lastAtMs).toISOString() };
    });
    this.#sums = new Map();
    this.#dropped = 0;
    return taken;
  }

  #add(event: string): Sum | undefined {
    if (this.#sums.size >= this.eventLimit || !isReportableName(event)) return undefined;
    const sum: Sum = { count: 0, sum: 0, lastAtMs: 0 };
    this.#sums.set(event, sum);
    return sum;
  }
}
