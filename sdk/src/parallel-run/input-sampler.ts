import type { InputMark, InputSample } from './report.js';

/** What names inputs to the control plane; the same in every process of a run. */
export interface InputDigests {
  /** See Mark. */
  levelOf(fingerprint: string): number;
  /** 12 hexadecimal digits at least, under the run's key. */
  digest(fingerprint: string): string;
}

/** Between so many inputs a collision is as likely as one in two hundred million. */
const DIGEST_LENGTH = 12;

/**
 * A sample of the inputs that it was told since it was last taken, see DistinctSample. While it is full most inputs cost
 * a fast hash and a comparison; digests are made when it is taken, of what is left.
 */
export class InputSampler {
  #depth = 0;
  /** Kinds of inputs, by fingerprint. */
  #kept = new Map<string, string>();

  get size(): number {
    return this.#kept.size;
  }

  /** Takes in an input; `limit` is how many are kept. */
  add(fingerprint: string, stratum: string, digests: InputDigests, limit: number): void {
    if (this.#depth > 0 && digests.levelOf(fingerprint) < this.#depth) return;
    this.#kept.set(fingerprint, stratum);
    while (this.#kept.size > limit) {
      this.#depth += 1;
      for (const each of this.#kept.keys()) if (digests.levelOf(each) < this.#depth) this.#kept.delete(each);
    }
  }

  /** Hands over the sample and begins anew; strata are told by where they are in `strata`. */
  take(digests: InputDigests, strata: readonly string[]): InputSample {
    const places = new Map(strata.map((stratum, index) => [stratum, index]));
    const marks = Array.from(this.#kept, ([fingerprint, stratum]): InputMark => {
      const digest = digests.digest(fingerprint).slice(0, DIGEST_LENGTH);
      return [digest, digests.levelOf(fingerprint), places.get(stratum) ?? NO_STRATUM];
    });
    const depth = this.#depth;
    this.#depth = 0;
    this.#kept = new Map();
    return { depth, marks };
  }
}

const NO_STRATUM = -1;
