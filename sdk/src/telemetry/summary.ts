import type { EvaluationCount } from './batch.js';
import { isReportableName } from './reportable-name.js';

/** Distinct pairs of flag and variation counted between two reports; what comes on top is counted together. */
export const PAIR_LIMIT = 5_000;

interface Counter {
  count: number;
  lastAtMs: number;
}

/** Sums of evaluations per flag and variation since they were last taken. Its size is bounded, however long that is. */
export class Summary {
  #counters = new Map<string, Map<string | null, Counter>>();
  #pairs = 0;
  #unattributed = 0;

  constructor(private readonly pairLimit = PAIR_LIMIT) {}

  /** Evaluations beyond the limit of pairs, or of keys no flag can have, since the sums were last taken. */
  get unattributed(): number {
    return this.#unattributed;
  }

  /** Counts one evaluation; `variation` is null where the caller's default was used. Builds nothing after the first. */
  record(flag: string, variation: string | null, nowMs: number): void {
    const counter = this.#counters.get(flag)?.get(variation) ?? this.#add(flag, variation);
    if (counter === undefined) {
      this.#unattributed += 1;
      return;
    }
    counter.count += 1;
    counter.lastAtMs = nowMs;
  }

  /** Hands over the sums and begins anew. */
  take(): readonly EvaluationCount[] {
    const counts: EvaluationCount[] = [];
    for (const [flag, variations] of this.#counters) {
      for (const [variation, { count, lastAtMs }] of variations) {
        counts.push({ flag, variation, count, lastAt: new Date(lastAtMs).toISOString() });
      }
    }
    this.#counters = new Map();
    this.#pairs = 0;
    this.#unattributed = 0;
    return counts;
  }

  #add(flag: string, variation: string | null): Counter | undefined {
    if (this.#pairs >= this.pairLimit || !isReportableName(flag)) return undefined;
    this.#pairs += 1;
    const counter: Counter = { count: 0, lastAtMs: 0 };
    const variations = this.#counters.get(flag);
    if (variations) variations.set(variation, counter);
    else this.#counters.set(flag, new Map([[variation, counter]]));
    return counter;
  }
}
