import type { Runtime } from '../runtime.js';
import type { CallOptions, Invocation } from './call-options.js';
import { CandidateRecords } from './candidate-records.js';
import { DeadlineWatch } from './deadline-watch.js';
import { exemplarsOf } from './exemplars.js';
import type { Faults, RunAdvice, RunOperation } from './faults.js';
import { LiveRun } from './live-run.js';
import { LoopDelay } from './loop-delay.js';
import { ParallelCall } from './parallel-call.js';
import { PendingPair } from './pending-pair.js';
import { LEFT_OUT, prepareCall, PreparedCall, type PreparationParts, sampledBy } from './prepare-call.js';
import { isQuick, runQuickly } from './quick-call.js';
import type { CompiledRun, CompiledRuns } from './read-settings.js';
import { recordMatch, recordPair, type RecordingParts } from './record-call.js';
import type { ParallelRunReport } from './report.js';
import type { ParallelOptions, ParallelRunner, ParallelRunOptions, RunResult } from './run-options.js';
import type { CallHost, ConcludedCall, ConcludedPair, SampledCall } from './sampled-call.js';
import { callServed, contextOf, FAILED, servedBy, type ServingParts } from './serve-call.js';
import { currentShadow, isWithinShadow, type ShadowArm } from './shadow.js';
import { tellResult } from './tell-result.js';
import { activeTraceId } from './trace-id.js';

/** What parallel runs need of where they run. */
export interface ParallelRunsParts extends ServingParts {
  readonly runtime: Runtime;
  readonly faults: Faults;
  /** Of candidates and controls that name none. */
  readonly version: string;
  /** Runs a shadow arm, within its scope, such that no unit is credited with what it measures. */
  readonly mute: <T>(work: () => T) => T;
  /** A run that nobody has set up; undefined: there is none. */
  readonly byDefault?: (key: string) => CompiledRun | undefined;
  readonly publish?: (result: RunResult) => unknown;
}

const COINS = 2 ** 30;
/** Runs that `byDefault` has made. */
const DEFAULT_RUN_LIMIT = 1_000;

/** Runs what is on, and nothing but the control of what is not. */
export class ParallelRuns implements ParallelRunner, CallHost {
  readonly watch: DeadlineWatch;
  readonly #loopDelay: LoopDelay;
  readonly #live = new Map<string, LiveRun>();
  /** What wrapped functions look at: no look-up while a run is off. */
  readonly #places = new Map<string, { run: LiveRun | undefined }>();
  readonly #records: CandidateRecords;
  readonly #recording: RecordingParts;
  readonly #preparation: PreparationParts;
  /** Bits of one draw, which serve as many flips: below a bit that tells when they are used up. */
  #coins = 1;
  #applied: CompiledRuns | undefined;
  /** What was asked for last: most calls of a place in the code ask for the same again. */
  #lastKey: string | undefined;
  #lastRun: LiveRun | undefined;
  /** Held, and not looked at. */
  #exemplars: readonly object[] | undefined;
  /** Nothing is on, whatever its key. */
  #isIdle: boolean;

  constructor(private readonly parts: ParallelRunsParts) {
    this.watch = new DeadlineWatch(parts.runtime);
    this.#loopDelay = new LoopDelay(parts.runtime);
    this.#records = new CandidateRecords(parts.version, this.#note);
    this.#recording = {
      recorder: this.#records.recorder,
      now: () => parts.runtime.now(),
      random: this.#random,
      traceId: activeTraceId,
      loopDelayMs: () => this.#loopDelay.recentMs,
    };
    this.#preparation = {
      records: this.#records,
      random: this.#random,
      elapsedMs: (run) => this.clock(run),
      note: this.#note,
      adviseNaming: (run) => this.#adviseNaming(run),
      tellShed: (call, candidate) => this.#tellShed(call, candidate),
    };
    this.#isIdle = parts.byDefault === undefined;
  }

  parallelRun<T>(key: string, options: ParallelRunOptions<T>): T {
    const run = this.#isIdle ? undefined : this.#runOf(key);
    // The types of the functions are the caller's own affair; the control's answer is handed on as it is.
    return run === undefined ? options.control() : (this.#call(run, options, undefined) as T);
  }

  parallel<Args extends readonly unknown[], T>(
    key: string,
    fn: (...args: Args) => T,
    candidate: (...args: Args) => NoInfer<T>,
    options?: ParallelOptions<T, Args>,
  ): (...args: Args) => T {
    const place = this.#placeOf(key);
    // As above.
    const call = { ...options, control: fn, candidate } as CallOptions;
    const run = (live: LiveRun, receiver: unknown, args: Args): T => this.#call(live, call, { receiver, args }) as T;
    return function (this: unknown, ...args: Args): T {
      return place.run === undefined ? Reflect.apply(fn, this, args) : run(place.run, this, args);
    };
  }

  shadow(): ShadowArm | undefined {
    return currentShadow();
  }

  get parallelRunErrors(): Readonly<Record<string, number>> {
    return this.parts.faults.counts;
  }

  /** Serves these runs from now on. One whose settings are unchanged goes on as it is. */
  apply(runs: CompiledRuns): void {
    if (runs === this.#applied) return;
    this.#applied = runs;
    for (const key of this.#live.keys()) if (!runs.has(key)) this.#set(key, undefined);
    for (const [key, compiled] of runs) {
      const live = this.#live.get(key);
      if (JSON.stringify(live?.compiled.settings) === JSON.stringify(compiled.settings)) continue;
      this.#records.recorder.keepEpoch(key, compiled.settings.epoch);
      this.#set(key, new LiveRun(compiled));
    }
  }

  /** Hands over what was gathered since this was last called, as much as a batch may hold. */
  takeReports(): readonly ParallelRunReport[] {
    try {
      return this.#records.recorder.take();
    } catch (thrown) {
      this.parts.faults.note('report', 'all', thrown);
      return [];
    }
  }

  /** Ends its timers. Calls go on. */
  close(): void {
    this.watch.stop();
    this.#loopDelay.stop();
  }

  clock(run: LiveRun): number {
    try {
      return this.parts.runtime.elapsedMs();
    } catch (thrown) {
      this.note('clock', run, thrown);
      return Number.NaN;
    }
  }

  random(): number {
    return this.#random();
  }

  flip(): boolean {
    if (this.#coins <= 1) this.#coins = COINS | (this.#random() * COINS);
    const isHeads = (this.#coins & 1) === 1;
    this.#coins >>= 1;
    return isHeads;
  }

  note(operation: RunOperation, run: LiveRun, thrown?: unknown): void {
    this.#note(operation, run, thrown);
  }

  advise(advice: RunAdvice, run: LiveRun): void {
    this.parts.faults.advise(advice, run.compiled.settings.key);
  }

  mute<T>(work: () => T): T {
    return this.parts.mute(work);
  }

  record(concluded: ConcludedCall): void {
    const { call, pairs, addedMs, stampMs } = concluded;
    const { run, options, served } = call;
    if (stampMs !== undefined && stampMs >= 0) run.charge(addedMs ?? 0, stampMs, this.#loopDelay.recentMs);
    for (const pair of pairs) {
      const recorded = this.#records.of(run, options, pair.candidate, served);
      if (recorded !== undefined) recordPair(recorded, pair, concluded, this.#recording);
      if (call.isTold) this.#tell(call, pair);
    }
  }

  recordMatch(call: SampledCall): void {
    const { run, options } = call;
    if (run.isOver) return;
    try {
      const recorded = this.#records.ofOnly(run, options);
      if (recorded !== undefined) recordMatch(recorded, call, this.#recording);
    } catch (thrown) {
      this.note('record', run, thrown);
    }
  }

  readonly #note = (operation: RunOperation, run: LiveRun, thrown?: unknown): void => {
    this.parts.faults.note(operation, run.compiled.settings.key, thrown);
  };

  /** From 0 to 1; where the generator fails 1, by which nothing is sampled. */
  readonly #random = (): number => {
    try {
      return this.parts.runtime.random();
    } catch (thrown) {
      this.parts.faults.note('sample', 'all', thrown);
      return 1;
    }
  };

  #call(run: LiveRun, options: CallOptions, invocation: Invocation | undefined): unknown {
    const context = contextOf(run, options, invocation, this.parts, this.#note);
    const served =
      run.compiled.settings.serve === undefined ? undefined : servedBy(run, options, context, this.parts, this.#note);
    const sampled =
      context === FAILED || isWithinShadow() ? undefined : this.#sample(run, options, invocation, served, context);
    if (sampled === undefined) return callServed(run, served, options, invocation);
    if (!isQuick(sampled)) return new ParallelCall(this, sampled).execute();
    return run.answersLater ? new PendingPair(this, sampled).execute() : runQuickly(this, sampled);
  }

  /** Undefined for a call that is not sampled, or whose shadow arms are shed; also whatever fails. */
  #sample(
    run: LiveRun,
    options: CallOptions,
    invocation: Invocation | undefined,
    served: string | undefined,
    context: unknown,
  ): SampledCall | undefined {
    try {
      const text = sampledBy(run, context, this.#preparation);
      if (text === LEFT_OUT) return undefined;
      const isTold = options.onResult !== undefined || this.parts.publish !== undefined;
      const call = new PreparedCall(run, options, invocation, served, isTold);
      return prepareCall(call, text, this.#preparation) ? call : undefined;
    } catch (thrown) {
      this.note('sample', run, thrown);
      return undefined;
    }
  }

  #adviseNaming(run: LiveRun): void {
    run.isAdvised = true;
    this.advise('unnamed', run);
  }

  #tellShed(call: SampledCall, candidate: string): void {
    if (call.isTold) this.#tell(call, { ...UNTOLD, candidate, verdict: 'shed' });
  }

  #tell(call: Pick<SampledCall, 'run' | 'options' | 'served' | 'stratum'>, pair: ConcludedPair): void {
    tellResult(call, pair, this.parts.publish, this.#note);
  }

  #runOf(key: string): LiveRun | undefined {
    return key === this.#lastKey ? this.#lastRun : this.#lookUp(key);
  }

  #lookUp(key: string): LiveRun | undefined {
    const run = this.#live.get(key) ?? this.#liveByDefault(key);
    this.#lastKey = key;
    this.#lastRun = run;
    return run;
  }

  #liveByDefault(key: string): LiveRun | undefined {
    if (this.parts.byDefault === undefined || this.#live.size >= DEFAULT_RUN_LIMIT) return undefined;
    const compiled = this.parts.byDefault(key);
    if (compiled !== undefined) this.#set(key, new LiveRun(compiled));
    return this.#live.get(key);
  }

  #placeOf(key: string): { readonly run: LiveRun | undefined } {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = { run: this.#runOf(key) };
    this.#places.set(key, place);
    return place;
  }

  #set(key: string, run: LiveRun | undefined): void {
    const before = this.#live.get(key);
    if (before !== undefined && before.compiled.settings.epoch !== run?.compiled.settings.epoch) before.isOver = true;
    if (run === undefined) this.#live.delete(key);
    else this.#live.set(key, run);
    const place = this.#places.get(key);
    if (place !== undefined) place.run = run;
    this.#lastKey = undefined;
    this.#isIdle = this.#live.size === 0 && this.parts.byDefault === undefined;
    if (run !== undefined) this.#exemplars ??= exemplarsOf(this, run);
    if (this.#live.size > 0) this.#loopDelay.start();
    else this.#loopDelay.stop();
  }
}

const UNTOLD = { judgement: undefined, controlMs: undefined, candidateMs: undefined, isControlFirst: true } as const;
