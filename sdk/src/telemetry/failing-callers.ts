import { type Arm, CALLER_LIMIT } from './batch.js';

/** Callers remembered per ramp and metric, so that most are sent once. Who is sent twice is counted once all the same. */
const KNOWN_LIMIT = 20_000;
/** Above every hash. */
const EVERYBODY = 0x1_0000_0000;

/**
 * Callers that failed under one metric of one ramp since they were last taken, each in the arm it first failed in. When
 * there are more than a report may name, those with the lowest hashes are kept and the rest is left out, of both arms
 * alike, until they fail again.
 *
 * Nobody waits for a later report, so that the test of VERDICTS.md section 2 stays valid whatever the shares do. Under
 * "the candidate is no worse" whether and when a caller first fails says nothing of its bucket: given that n callers
 * failed and the candidate's share ρ, each is the candidate's with chance ρ, independently. Who is kept is told from
 * the hashes and from n, never from an arm, and these hashes are independent of buckets, which have another seed: of the m
 * kept, k is again Binomial(m, ρ). To keep those who failed first in the report, or to send the rest later, would pair
 * callers of one share with units of another. Sampling by the lowest hashes is bottom-k (Cohen & Kaplan, PODC 2007):
 * all instances prefer the same callers, so that one who fails everywhere is named everywhere, and counts once.
 * All this is of a client that serves both arms, as one does that chooses. Where each arm has instances of its own, full
 * lists would thin out the busier arm more.
 */
export class FailingCallers {
  readonly #sent = new Set<number>();
  #failed = new Map<number, Arm>();
  /** Hashes from here on are left out of this report. */
  #bound = EVERYBODY;

  constructor(
    private readonly limit = CALLER_LIMIT,
    private readonly knownLimit = KNOWN_LIMIT,
  ) {}

  get isEmpty(): boolean {
    return this.#failed.size === 0;
  }

  /** Notes one that failed. Its arm is that of its first failure: at another share it may come back in the other. */
  add(arm: Arm, hash: number): void {
    if (hash >= this.#bound || this.#sent.has(hash) || this.#failed.has(hash)) return;
    this.#failed.set(hash, arm);
    if (this.#failed.size <= this.limit) return;
    this.#bound = [...this.#failed.keys()].reduce((highest, each) => Math.max(highest, each));
    this.#failed.delete(this.#bound);
  }

  /** Hands over those who failed, of both arms at most the limit together. */
  take(): Readonly<Record<Arm, readonly number[]>> {
    const failed = [...this.#failed];
    this.#failed = new Map();
    this.#bound = EVERYBODY;
    if (this.#sent.size + failed.length > this.knownLimit) this.#sent.clear();
    for (const [hash] of failed) this.#sent.add(hash);
    const of = (arm: Arm) => failed.flatMap(([hash, each]) => (each === arm ? hash : []));
    return { stable: of('stable'), candidate: of('candidate') };
  }
}
