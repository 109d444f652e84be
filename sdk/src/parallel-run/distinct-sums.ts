import { type InputDigests, InputSampler } from './input-sampler.js';
import { type DistinctInputs, STRATUM_LIMIT, type StratumCount } from './report.js';
import type { Novelty } from './seen-inputs.js';

/** An input that counts, and can be named. */
export interface NamedInput {
  readonly fingerprint: string;
  readonly novelty: Novelty;
  readonly stratum: string;
}

/** Which inputs were counted since they were last taken. Its size is bounded, however many there are. */
export class DistinctSums {
  #n = 0;
  #x = 0;
  readonly #strata = new Map<string, { n: number; x: number }>();
  readonly #compared = new InputSampler();
  readonly #unequal = new InputSampler();
  #digests: InputDigests | undefined;

  /** Inputs that are kept. */
  get size(): number {
    return this.#compared.size + this.#unequal.size;
  }

  /** `digests` are those of the run; `limit` is how many inputs are kept, of all and of those that came out unequal. */
  add({ fingerprint, novelty: { n, x }, stratum }: NamedInput, digests: InputDigests, limit: number): void {
    this.#digests = digests;
    this.#n += n;
    this.#x += x;
    if (n > 0) this.#compared.add(fingerprint, stratum, digests, limit);
    if (x > 0) this.#unequal.add(fingerprint, stratum, digests, limit);
    if (stratum !== '') this.#addStratum(stratum, n, x);
  }

  /** Hands them over and begins anew; undefined where there are none. */
  take(): DistinctInputs | undefined {
    if (this.#digests === undefined) return undefined;
    const strata = Array.from(this.#strata, ([stratum, { n, x }]): StratumCount => ({ stratum, n, x }));
    const names = strata.map(({ stratum }) => stratum);
    const [compared, unequal] = [this.#compared.take(this.#digests, names), this.#unequal.take(this.#digests, names)];
    const taken: DistinctInputs = { n: this.#n, x: this.#x, strata, compared, unequal };
    this.#n = this.#x = 0;
    this.#strata.clear();
    this.#digests = undefined;
    return taken;
  }

  #addStratum(stratum: string, n: number, x: number): void {
    const known = this.#strata.get(stratum);
    if (known !== undefined) {
      known.n += n;
      known.x += x;
    } else if (this.#strata.size < STRATUM_LIMIT) {
      this.#strata.set(stratum, { n, x });
    }
  }
}
