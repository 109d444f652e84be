import type { Arm } from './batch.js';

/** Callers remembered per ramp and metric, so that most are sent once. Who is sent twice is counted once all the same. */
const KNOWN_LIMIT = 20_000;
const WAITING_LIMIT = 10_000;

/**
 * Callers that failed under one metric of one ramp and were not sent yet. Both arms wait in one line: with a line each,
 * a limit would hold back the busier arm more, and the comparison would be of limits.
 */
export class FailingCallers {
  #known: Record<Arm, Set<number>> = { stable: new Set(), candidate: new Set() };
  #waiting: { readonly arm: Arm; readonly hash: number }[] = [];

  constructor(
    private readonly knownLimit = KNOWN_LIMIT,
    private readonly waitingLimit = WAITING_LIMIT,
  ) {}

  get areWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Notes one that failed. When too many wait it is left out, of either arm, until it fails again. */
  add(arm: Arm, hash: number): void {
    const known = this.#known[arm];
    if (known.has(hash) || this.#waiting.length >= this.waitingLimit) return;
    if (this.#known.stable.size + this.#known.candidate.size >= this.knownLimit) {
      this.#known.stable.clear();
      this.#known.candidate.clear();
      for (const each of this.#waiting) this.#known[each.arm].add(each.hash);
    }
    known.add(hash);
    this.#waiting.push({ arm, hash });
  }

  /** Hands over those that have waited longest, so many of both arms together. */
  take(limit: number): Readonly<Record<Arm, readonly number[]>> {
    const taken = this.#waiting.splice(0, limit);
    const of = (arm: Arm) => taken.filter((each) => each.arm === arm).map(({ hash }) => hash);
    return { stable: of('stable'), candidate: of('candidate') };
  }
}
