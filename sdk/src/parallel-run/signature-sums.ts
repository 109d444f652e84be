import { type Difference, type Signature, SIGNATURE_PLACE_LIMIT } from '../comparison/index.js';
import { type MismatchSample, SAMPLE_LIMIT, type SignatureCount, STRATUM_LIMIT } from './report.js';

/** An unequal call, as its signature counts it. */
export interface UnequalCall {
  readonly signature: Signature;
  readonly differences: readonly Difference[];
  readonly stratum: string;
  /** Makes the sample, where one is drawn. */
  readonly sample: () => MismatchSample;
}

/** As long as a place's words may be on the wire. */
const PLACE_LENGTH_LIMIT = 2_000;

/** Whether a report may name it. */
export function isReportable({ id, places }: Signature): boolean {
  if (!/^[0-9a-f]{16}$/.test(id) || places.length > SIGNATURE_PLACE_LIMIT) return false;
  return places.every((each) => Math.max(each.path.length, each.transition.length) <= PLACE_LENGTH_LIMIT);
}

/** Sums of the unequal calls of one signature. Their size is bounded, however many calls there are. */
export class SignatureSums {
  readonly samples: MismatchSample[] = [];
  #n = 0;
  #twins = 0;
  readonly #strata = new Map<string, number>();
  #maxDelta: SignatureCount['maxDelta'];
  #isOfNumbers = true;

  constructor(readonly signature: Signature) {}

  /** Counts a call; `random` draws its sample, from 0 to 1. */
  add({ stratum, differences, sample }: UnequalCall, random: () => number): void {
    this.#n += 1;
    const known = this.#strata.get(stratum);
    if (stratum !== '' && (known !== undefined || this.#strata.size < STRATUM_LIMIT)) {
      this.#strata.set(stratum, (known ?? 0) + 1);
    }
    this.#widen(differences);
    this.#draw(sample, random);
  }

  /** Counts a call whose control differed from its own repetition. */
  addTwin(): void {
    this.#twins += 1;
  }

  report(): SignatureCount {
    const { id, places, isCut } = this.signature;
    const strata = Array.from(this.#strata, ([stratum, n]) => ({ stratum, n })).toSorted((a, b) => b.n - a.n);
    const maxDelta = this.#isOfNumbers ? this.#maxDelta : undefined;
    const sums = { id, places, isCut, n: this.#n, twins: this.#twins, strata };
    return { ...sums, ...(maxDelta !== undefined && { maxDelta }), samples: this.samples };
  }

  /** The largest distance, as long as every difference of every call was one of numbers. */
  #widen(differences: readonly Difference[]): void {
    for (const { delta } of differences) {
      if (delta === undefined) {
        this.#isOfNumbers = false;
        return;
      }
      const { absolute = 0, relative = 0, ulps = 0 } = this.#maxDelta ?? {};
      this.#maxDelta = {
        absolute: Math.max(absolute, delta.absolute),
        relative: Math.max(relative, delta.relative),
        ulps: Math.max(ulps, delta.ulps),
      };
    }
  }

  /** Algorithm R (Vitter, 1985): of n calls each is among the samples with the same probability. */
  #draw(sample: () => MismatchSample, random: () => number): void {
    if (this.samples.length < SAMPLE_LIMIT) {
      this.samples.push(sample());
      return;
    }
    const at = Math.floor(random() * this.#n);
    if (at < SAMPLE_LIMIT) this.samples[at] = sample();
  }
}
