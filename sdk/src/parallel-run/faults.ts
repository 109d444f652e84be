import type { Logger } from '../logger.js';

/** What of a parallel run can fail without the caller's seeing it. */
export type RunOperation =
  | 'clock'
  | 'sample'
  | 'serve'
  | 'input'
  | 'stratum'
  | 'version'
  | 'observe'
  | 'thenable'
  | 'snapshot'
  | 'clean'
  | 'compare'
  | 'ignore'
  | 'record'
  | 'report'
  | 'onResult'
  | 'publish';

/** What of how a parallel run is used keeps its comparison from saying much, though nothing has failed. */
export type RunAdvice = 'shared' | 'unnamed';

const SENTENCES: Readonly<Record<RunOperation, string>> = {
  clock: 'the clock failed; calls are not timed',
  sample: 'whether to sample could not be told; the control ran alone. Look at the context that the run is given',
  serve:
    'which arm serves could not be told; the control did. Look at the flag that the run is served by, and its names',
  input: 'the input could not be read, and equal calls are no evidence without it; give one that is plain data',
  stratum: 'a stratum was refused: it is a fixed name of 1 to 64 letters, digits and _.:-',
  version: 'a version was refused: it is a text of at most 200 characters',
  observe: "the control's promise could not be observed; the call was not compared",
  thenable:
    'the control answered with a thenable that is no promise, which might begin its work anew if it were observed: wrap it in an async function',
  snapshot: 'a value could not be copied; give a cleaner, or compare plain data',
  clean: 'the cleaner failed; the values were dropped',
  compare: 'the comparator failed, or answered no boolean; the call counts as compare_error',
  ignore: 'the ignore function failed, or answered no boolean; the difference stands',
  record: 'a call could not be recorded',
  report: 'the sums could not be reported',
  onResult: 'onResult failed',
  publish: 'publish failed',
};

const ADVICE: Readonly<Record<RunAdvice, string>> = {
  shared:
    'its arms share an object and change it: each call counts as a mismatch, and callers get what the last arm left of it. Give each arm an object of its own',
  unnamed:
    'equal calls of it are no evidence, since nothing tells repeats from other inputs: name the input, as `input` or by a context',
};

/** Counts what fails, by operation, and warns once of each per run. Never throws. */
export class Faults {
  readonly #counts: Partial<Record<RunOperation, number>> = {};
  readonly #warned = new Set<string>();

  constructor(
    private readonly logger: Logger,
    private readonly warnedLimit = 1_000,
  ) {}

  get counts(): Readonly<Record<string, number>> {
    return { ...this.#counts };
  }

  /** `thrown` is told by the name of its class alone: messages may hold what is nobody's business. */
  note(operation: RunOperation, run: string, thrown?: unknown): void {
    this.#counts[operation] = (this.#counts[operation] ?? 0) + 1;
    this.#warn(operation, run, () => `${SENTENCES[operation]}${nameOf(thrown)}. Later cases are only counted.`);
  }

  /** Warns once of each per run. It is no failure, and not counted. */
  advise(advice: RunAdvice, run: string): void {
    this.#warn(advice, run, () => `${ADVICE[advice]}.`);
  }

  #warn(what: RunOperation | RunAdvice, run: string, sentence: () => string): void {
    const place = `${what} ${run}`;
    if (this.#warned.has(place) || this.#warned.size >= this.warnedLimit) return;
    this.#warned.add(place);
    try {
      this.logger.warn(`Parallel run '${run}': ${sentence()}`);
    } catch {
      // A logger that breaks has nowhere left to say so.
    }
  }
}

function nameOf(thrown: unknown): string {
  try {
    if (thrown === undefined) return '';
    return thrown instanceof Error ? ` (${thrown.constructor.name})` : ` (${typeof thrown})`;
  } catch {
    return '';
  }
}
