/** What an input adds to the evidence. */
export interface Novelty {
  readonly n: 0 | 1;
  readonly x: 0 | 1;
}

const NOTHING: Novelty = { n: 0, x: 0 };
const EQUAL: Novelty = { n: 1, x: 0 };
const UNEQUAL: Novelty = { n: 1, x: 1 };
const NOW_UNEQUAL: Novelty = { n: 0, x: 1 };

/** Inputs kept of one generation, of all windows together. */
export const GENERATION_LIMIT = 50_000;

/**
 * Inputs that were compared within a window of time, as fingerprints, in two generations: an input stays known for one to
 * two windows, less where there are more of them than it holds.
 */
export class SeenInputs {
  #young = new Map<string, boolean>();
  #old: ReadonlyMap<string, boolean> = new Map();
  #turnedAtMs: number | undefined;

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** Whether an input was compared within the window. */
  has(fingerprint: string): boolean {
    return this.#young.has(fingerprint) || this.#old.has(fingerprint);
  }

  /** Notes that an input was compared. Times are monotonic; `limit` is the size of a generation. */
  note(
    fingerprint: string,
    isUnequal: boolean,
    { nowMs, windowMs, limit }: { readonly nowMs: number; readonly windowMs: number; readonly limit: number },
  ): Novelty {
    this.#turnedAtMs ??= nowMs;
    const ageMs = nowMs - this.#turnedAtMs;
    if (ageMs >= windowMs || this.#young.size >= limit) this.#turn(nowMs);
    if (ageMs >= 2 * windowMs) this.#old = new Map();
    const wasUnequal = this.#young.get(fingerprint) ?? this.#old.get(fingerprint);
    if (wasUnequal === undefined) {
      this.#young.set(fingerprint, isUnequal);
      return isUnequal ? UNEQUAL : EQUAL;
    }
    if (wasUnequal || !isUnequal) return NOTHING;
    this.#young.set(fingerprint, true);
    return NOW_UNEQUAL;
  }

  #turn(nowMs: number): void {
    this.#old = this.#young;
    this.#young = new Map();
    this.#turnedAtMs = nowMs;
  }
}
