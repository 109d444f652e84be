import { type Difference, type RunVerdict, type Signature, SIGNATURE_PLACE_LIMIT } from '../comparison/index.js';
import { DistinctSums, type NamedInput } from './distinct-sums.js';
import type { InputDigests } from './input-sampler.js';
import {
  type LogRatioSums,
  type MismatchSample,
  type OverheadSums,
  type ParallelRunReport,
  SAMPLE_LIMIT,
  SHAPE_LIMIT,
  SIGNATURE_LIMIT,
  type SignatureCount,
  STRATUM_LIMIT,
} from './report.js';
import type { Novelty } from './seen-inputs.js';

/** Whose sums they are: one report of each. */
export type SumsOf = Pick<
  ParallelRunReport,
  'run' | 'epoch' | 'candidate' | 'controlVersion' | 'candidateVersion' | 'served'
>;

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
/** Marks of inputs that are as long as another part of a report. */
const MARKS_OF_A_PART = 5;
/** Of logarithms of ratios of times, so that no clock can make a sum that no batch may hold. */
const LOG_RATIO_LIMIT = 50;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface SignatureSums {
  readonly signature: Signature;
  n: number;
  twins: number;
  readonly strata: Map<string, number>;
  maxDelta: SignatureCount['maxDelta'];
  isOfNumbers: boolean;
  readonly samples: MismatchSample[];
}

/** Sums of one candidate's calls since they were last taken. Their size is bounded, however many calls there are. */
export class CandidateSums {
  #verdicts: Partial<Record<RunVerdict, number>> = {};
  #inputs = { n: 0, x: 0 };
  readonly #distinct = new DistinctSums();
  #twins = { n: 0, b: 0, c: 0 };
  #controlFirst: Mutable<LogRatioSums> = noSums();
  #candidateFirst: Mutable<LogRatioSums> = noSums();
  #overhead: Mutable<OverheadSums> = { n: 0, addedMs: 0, maxAddedMs: 0, maxLoopDelayMs: 0 };
  #strata = new Map<string, { n: number; x: number }>();
  #shapes = new Map<number, number>();
  #signatures = new Map<string, SignatureSums>();
  #unsigned = 0;
  #broken = 0;
  #isEmpty = true;

  constructor(readonly of: SumsOf) {}

  /** Whether nothing was counted since the sums were last taken. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** Parts of signatures and samples, and marks of inputs: what makes a report large. */
  get weight(): number {
    let weight = 1 + this.#strata.size + this.#shapes.size + Math.ceil(this.#distinct.size / MARKS_OF_A_PART);
    for (const { signature, samples } of this.#signatures.values()) {
      weight += signature.places.length + samples.reduce((sum, { values }) => sum + values.length, 0);
    }
    return weight;
  }

  count(verdict: RunVerdict): void {
    this.#isEmpty = false;
    this.#verdicts[verdict] = (this.#verdicts[verdict] ?? 0) + 1;
  }

  /** Counts a call of which the candidate is not called; `isBroken`: its breaker is open. */
  countShed(isBroken: boolean): void {
    this.count('shed');
    if (isBroken) this.#broken += 1;
  }

  /** Adds to the evidence what an input's verdict brings; of verdicts that compared nothing, nothing. */
  addInput({ n, x }: Novelty, stratum: string, shape: number | undefined): void {
    this.#inputs.n += n;
    this.#inputs.x += x;
    if (stratum !== '') this.#addStratum(stratum, n, x);
    if (shape === undefined || n === 0) return;
    const known = this.#shapes.get(shape);
    if (known !== undefined || this.#shapes.size < SHAPE_LIMIT) this.#shapes.set(shape, (known ?? 0) + 1);
  }

  /** Names an input that was added, so that it counts once however many processes compared it. */
  nameInput(input: NamedInput, digests: InputDigests, limit: number): void {
    this.#distinct.add(input, digests, limit);
  }

  /** ln((candidate's time + r) / (control's time + r)), see UNNOTICED_MS. */
  addLatency(logRatio: number, isControlFirst: boolean): void {
    if (!(Math.abs(logRatio) <= LOG_RATIO_LIMIT)) return;
    const sums = isControlFirst ? this.#controlFirst : this.#candidateFirst;
    sums.n += 1;
    sums.sum += logRatio;
    sums.sumSquares += logRatio * logRatio;
  }

  /** What one call cost before the caller had its answer, and how late the event loop was meanwhile; milliseconds. */
  addOverhead(addedMs: number, loopDelayMs: number): void {
    const overhead = this.#overhead;
    overhead.n += 1;
    overhead.addedMs += addedMs;
    if (addedMs > overhead.maxAddedMs) overhead.maxAddedMs = addedMs;
    if (loopDelayMs > overhead.maxLoopDelayMs) overhead.maxLoopDelayMs = loopDelayMs;
  }

  /** A call in which the control ran twice. */
  addTwin(isCandidateUnequal: boolean, isTwinUnequal: boolean): void {
    this.#twins.n += 1;
    if (isCandidateUnequal && !isTwinUnequal) this.#twins.b += 1;
    if (!isCandidateUnequal && isTwinUnequal) this.#twins.c += 1;
  }

  /** An unequal call, by its signature; `random` draws its sample, from 0 to 1. */
  addUnequal(call: UnequalCall, random: () => number): void {
    const sums = this.#signatureSums(call.signature);
    if (sums === undefined) {
      this.#unsigned += 1;
      return;
    }
    sums.n += 1;
    const known = sums.strata.get(call.stratum);
    if (call.stratum !== '' && (known !== undefined || sums.strata.size < STRATUM_LIMIT)) {
      sums.strata.set(call.stratum, (known ?? 0) + 1);
    }
    widen(sums, call.differences);
    draw(sums, call.sample, random);
  }

  /** The control differed from its own repetition. */
  addTwinUnequal(signature: Signature): void {
    const sums = this.#signatureSums(signature);
    if (sums !== undefined) sums.twins += 1;
  }

  /** An unequal call that cannot be signed. */
  addUnsigned(): void {
    this.#unsigned += 1;
  }

  /** Hands over the sums and begins anew. */
  take(): ParallelRunReport {
    const distinct = this.#distinct.take();
    const report: ParallelRunReport = {
      ...this.of,
      verdicts: this.#verdicts,
      inputs: this.#inputs,
      ...(distinct !== undefined && { distinct }),
      twins: this.#twins,
      latency: { controlFirst: this.#controlFirst, candidateFirst: this.#candidateFirst },
      overhead: this.#overhead,
      strata: byFrequency(Array.from(this.#strata, ([stratum, { n, x }]) => ({ stratum, n, x }))),
      shapes: [...this.#shapes],
      signatures: byFrequency(Array.from(this.#signatures.values(), countOf)),
      unsigned: this.#unsigned,
      ...(this.#broken > 0 && { broken: this.#broken }),
    };
    this.#verdicts = {};
    this.#inputs = { n: 0, x: 0 };
    this.#twins = { n: 0, b: 0, c: 0 };
    this.#controlFirst = noSums();
    this.#candidateFirst = noSums();
    this.#overhead = { n: 0, addedMs: 0, maxAddedMs: 0, maxLoopDelayMs: 0 };
    this.#strata = new Map();
    this.#shapes = new Map();
    this.#signatures = new Map();
    this.#unsigned = 0;
    this.#broken = 0;
    this.#isEmpty = true;
    return report;
  }

  #addStratum(stratum: string, n: number, x: number): void {
    const known = this.#strata.get(stratum);
    if (known !== undefined) {
      known.n += n;
      known.x += x;
    } else if (n + x > 0 && this.#strata.size < STRATUM_LIMIT) {
      this.#strata.set(stratum, { n, x });
    }
  }

  #signatureSums(signature: Signature): SignatureSums | undefined {
    const known = this.#signatures.get(signature.id);
    if (known !== undefined) return known;
    if (this.#signatures.size >= SIGNATURE_LIMIT || !isReportable(signature)) return undefined;
    const sums: SignatureSums = {
      ...{ signature, n: 0, twins: 0, strata: new Map(), maxDelta: undefined, isOfNumbers: true, samples: [] },
    };
    this.#signatures.set(signature.id, sums);
    return sums;
  }
}

/** The largest distance, as long as every difference of every call was one of numbers. */
function widen(sums: SignatureSums, differences: readonly Difference[]): void {
  for (const { delta } of differences) {
    if (delta === undefined) {
      sums.isOfNumbers = false;
      return;
    }
    const { absolute = 0, relative = 0, ulps = 0 } = sums.maxDelta ?? {};
    sums.maxDelta = {
      absolute: Math.max(absolute, delta.absolute),
      relative: Math.max(relative, delta.relative),
      ulps: Math.max(ulps, delta.ulps),
    };
  }
}

/** Algorithm R (Vitter, 1985): of n calls each is among the samples with the same probability. */
function draw(sums: SignatureSums, sample: () => MismatchSample, random: () => number): void {
  if (sums.samples.length < SAMPLE_LIMIT) {
    sums.samples.push(sample());
    return;
  }
  const at = Math.floor(random() * sums.n);
  if (at < SAMPLE_LIMIT) sums.samples[at] = sample();
}

function countOf(sums: SignatureSums): SignatureCount {
  const { signature, n, twins, strata, maxDelta, isOfNumbers, samples } = sums;
  return {
    id: signature.id,
    places: signature.places,
    isCut: signature.isCut,
    n,
    twins,
    strata: byFrequency(Array.from(strata, ([stratum, count]) => ({ stratum, n: count }))),
    ...(isOfNumbers && maxDelta !== undefined && { maxDelta }),
    samples,
  };
}

function isReportable({ id, places }: Signature): boolean {
  if (!/^[0-9a-f]{16}$/.test(id) || places.length > SIGNATURE_PLACE_LIMIT) return false;
  return places.every((each) => Math.max(each.path.length, each.transition.length) <= PLACE_LENGTH_LIMIT);
}

function byFrequency<T extends { readonly n: number }>(counts: readonly T[]): readonly T[] {
  return counts.toSorted((a, b) => b.n - a.n);
}

function noSums(): Mutable<LogRatioSums> {
  return { n: 0, sum: 0, sumSquares: 0 };
}
