import type { RunVerdict, Signature } from '../comparison/index.js';
import { DistinctSums, type NamedInput } from './distinct-sums.js';
import type { InputDigests } from './input-sampler.js';
import {
  type LogRatioSums,
  type OverheadSums,
  type ParallelRunReport,
  SHAPE_LIMIT,
  SIGNATURE_LIMIT,
  STRATUM_LIMIT,
} from './report.js';
import type { Novelty } from './seen-inputs.js';
import { isReportable, SignatureSums, type UnequalCall } from './signature-sums.js';

/** Whose sums they are: one report of each. */
export type SumsOf = Pick<
  ParallelRunReport,
  'run' | 'epoch' | 'candidate' | 'controlVersion' | 'candidateVersion' | 'served'
>;

/** Marks of inputs that are as long as another part of a report. */
const MARKS_OF_A_PART = 5;
/** Of logarithms of ratios of times, so that no clock can make a sum that no batch may hold. */
const LOG_RATIO_LIMIT = 50;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Sums of one candidate's calls since they were last taken. Their size is bounded, however many calls there are. */
export class CandidateSums {
  #verdicts: Partial<Record<RunVerdict, number>> = {};
  /** The commonest verdict of all, which has a counter of its own. */
  #matches = 0;
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

  /** As `count('match')`. */
  countMatch(): void {
    this.#isEmpty = false;
    this.#matches += 1;
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
    sums.add(call, random);
  }

  /** The control differed from its own repetition. */
  addTwinUnequal(signature: Signature): void {
    this.#signatureSums(signature)?.addTwin();
  }

  /** An unequal call that cannot be signed. */
  addUnsigned(): void {
    this.#unsigned += 1;
  }

  /** Hands over the sums and begins anew. */
  take(): ParallelRunReport {
    const distinct = this.#distinct.take();
    if (this.#matches > 0) this.#verdicts.match = (this.#verdicts.match ?? 0) + this.#matches;
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
      signatures: byFrequency(Array.from(this.#signatures.values(), (sums) => sums.report())),
      unsigned: this.#unsigned,
      ...(this.#broken > 0 && { broken: this.#broken }),
    };
    this.#verdicts = {};
    this.#matches = 0;
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
    const sums = new SignatureSums(signature);
    this.#signatures.set(signature.id, sums);
    return sums;
  }
}

function byFrequency<T extends { readonly n: number }>(counts: readonly T[]): readonly T[] {
  return counts.toSorted((a, b) => b.n - a.n);
}

function noSums(): Mutable<LogRatioSums> {
  return { n: 0, sum: 0, sumSquares: 0 };
}
