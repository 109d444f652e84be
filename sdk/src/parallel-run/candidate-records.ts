import type { CallOptions } from './call-options.js';
import type { RunOperation } from './faults.js';
import type { LiveRun } from './live-run.js';
import { type RecordedCandidate, RunRecorder } from './run-recorder.js';

const NAME_LIMIT = 200;
/** NUL and halves of surrogate pairs, which the control plane cannot store. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** Finds where a candidate's calls are counted. */
export class CandidateRecords {
  readonly recorder = new RunRecorder();

  constructor(
    /** Of candidates and controls that name none. */
    private readonly version: string,
    private readonly note: (operation: RunOperation, run: LiveRun) => void,
  ) {}

  /**
   * Undefined where there are too many of them, or its name cannot be stored. `servedBy` is the candidate whose answer
   * the caller gets; undefined: the control's.
   */
  of(
    run: LiveRun,
    options: CallOptions,
    candidate: string,
    servedBy: string | undefined,
  ): RecordedCandidate | undefined {
    const served = servedBy === undefined ? 'control' : 'candidate';
    const last = run.recorded;
    if (last?.isForgotten === false && this.#isOf(last, options) && last.sums.of.candidate === candidate) {
      if (last.sums.of.served === served) return last;
    }
    const { key, epoch } = run.compiled.settings;
    const controlVersion = this.#versionOf(run, options.controlVersion ?? this.version);
    const candidateVersion = this.#versionOf(run, options.version ?? this.version);
    run.recorded = isName(candidate)
      ? this.recorder.of({ run: key, epoch, candidate, controlVersion, candidateVersion, served })
      : undefined;
    if (run.recorded === undefined) this.note('record', run);
    return run.recorded;
  }

  /** As `of`, of the only candidate of a call that its control serves: most of them name no versions, and have one place. */
  ofOnly(run: LiveRun, options: CallOptions): RecordedCandidate | undefined {
    if (options.version !== undefined || options.controlVersion !== undefined) {
      return this.of(run, options, 'candidate', undefined);
    }
    if (run.unversioned?.isForgotten !== false) run.unversioned = this.of(run, options, 'candidate', undefined);
    return run.unversioned;
  }

  /** Versions that are recorded were looked at before. */
  #isOf({ sums }: RecordedCandidate, { controlVersion = this.version, version = this.version }: CallOptions): boolean {
    return sums.of.controlVersion === controlVersion && sums.of.candidateVersion === version;
  }

  #versionOf(run: LiveRun, version: unknown): string {
    if (version === '' || isName(version)) return version;
    this.note('version', run);
    return '';
  }
}

function isName(text: unknown): text is string {
  return typeof text === 'string' && text !== '' && text.length <= NAME_LIMIT && !UNSTORABLE.test(text);
}
