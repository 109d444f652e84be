import { MARK_LIMIT } from '../comparison/index.js';
import { CandidateSums, type SumsOf } from './candidate-sums.js';
import { REPORT_LIMIT, type ParallelRunReport } from './report.js';
import { GENERATION_LIMIT, SeenInputs } from './seen-inputs.js';

/** Sums kept at a time: candidates times pairs of versions. */
const SUMS_LIMIT = 200;
/** Parts of reports in one batch: about half a megabyte of JSON. */
const WEIGHT_LIMIT = 5_000;
const LEAST_GENERATION = 500;
/** Inputs that are named to the control plane, of all reports together. */
const MARKS_LIMIT = 20_000;

/** The sums of one candidate and one pair of versions, with the inputs that it was compared on. */
export interface RecordedCandidate {
  readonly sums: CandidateSums;
  /** Shared by the reports of either role: the evidence is the same. */
  readonly seen: SeenInputs;
  /** It is reported no more: what still comes belongs elsewhere, or nowhere. */
  readonly isForgotten: boolean;
}

/** Keeps what parallel runs came to until it is reported. Its size is bounded, however long that is. */
export class RunRecorder {
  readonly #recorded = new Map<string, RecordedCandidate>();
  readonly #seen = new Map<string, SeenInputs>();

  /** Inputs that one candidate's window may hold in a generation. */
  get generationLimit(): number {
    return Math.max(LEAST_GENERATION, Math.floor(GENERATION_LIMIT / Math.max(1, this.#seen.size)));
  }

  /** Inputs that one report may name. */
  get markLimit(): number {
    return Math.min(MARK_LIMIT, Math.floor(MARKS_LIMIT / Math.max(1, this.#recorded.size)));
  }

  /** Where a candidate's calls are counted; undefined when there are too many candidates and versions. */
  of(candidate: SumsOf): RecordedCandidate | undefined {
    const evidence = evidenceKey(candidate);
    const key = `${evidence}\0${candidate.served}`;
    const known = this.#recorded.get(key);
    if (known !== undefined) return known;
    if (this.#recorded.size >= SUMS_LIMIT && !this.#forgetIdle()) return undefined;
    const seen = this.#seen.get(evidence) ?? new SeenInputs();
    const recorded = { sums: new CandidateSums(candidate), seen, isForgotten: false };
    this.#seen.set(evidence, seen);
    this.#recorded.set(key, recorded);
    return recorded;
  }

  /** Drops what was gathered of a run under other epochs. */
  keepEpoch(run: string, epoch: number): void {
    for (const [key, recorded] of this.#recorded) {
      const { of } = recorded.sums;
      if (of.run === run && of.epoch !== epoch) this.#forget(key, recorded);
    }
  }

  /** Hands over reports, as many as a batch may hold; the rest waits for the next, and goes before others then. */
  take(): readonly ParallelRunReport[] {
    const taken: ParallelRunReport[] = [];
    let weight = 0;
    for (const [key, recorded] of this.#recorded) {
      if (taken.length >= REPORT_LIMIT || weight >= WEIGHT_LIMIT) break;
      if (recorded.sums.isEmpty) continue;
      weight += recorded.sums.weight;
      taken.push(recorded.sums.take());
      this.#recorded.delete(key);
      this.#recorded.set(key, recorded);
    }
    return taken;
  }

  #forgetIdle(): boolean {
    for (const [key, recorded] of this.#recorded) {
      if (!recorded.sums.isEmpty) continue;
      this.#forget(key, recorded);
      return true;
    }
    return false;
  }

  #forget(key: string, recorded: RecordedCandidate): void {
    Object.assign(recorded, { isForgotten: true });
    this.#recorded.delete(key);
    const evidence = evidenceKey(recorded.sums.of);
    const isShared = ['control', 'candidate'].some((served) => this.#recorded.has(`${evidence}\0${served}`));
    if (!isShared) this.#seen.delete(evidence);
  }
}

function evidenceKey({ run, epoch, candidate, controlVersion, candidateVersion }: SumsOf): string {
  return [run, epoch, candidate, controlVersion, candidateVersion].join('\0');
}
