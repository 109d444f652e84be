import { fingerprintOf, shapeOf } from '../comparison/index.js';
import { FULL_SHARE } from '../evaluation/snapshot.js';
import type { Runtime } from '../runtime.js';
import { type AnyFunction, type CallOptions, candidateNames, candidateOf, type Invocation } from './call-options.js';
import { ArmHandle } from './arm.js';
import { DeadlineWatch } from './deadline-watch.js';
import type { Faults, RunOperation } from './faults.js';
import { isThenable } from './judge.js';
import { LiveRun } from './live-run.js';
import { LoopDelay } from './loop-delay.js';
import {
  type CallHost,
  type ConcludedCall,
  type ConcludedPair,
  ParallelCall,
  type SampledCall,
} from './parallel-call.js';
import type { CompiledRun, CompiledRuns } from './read-settings.js';
import { recordPair, type RecordingParts } from './record-call.js';
import type { ParallelRunReport } from './report.js';
import type { ParallelOptions, ParallelRunner, ParallelRunOptions, RunResult } from './run-options.js';
import { type RecordedCandidate, RunRecorder } from './run-recorder.js';
import { isSampled, samplingText } from './sampling.js';
import { currentShadow, isWithinShadow, type ShadowArm } from './shadow.js';
import { activeTraceId } from './trace-id.js';

/** What parallel runs need of where they run. */
export interface ParallelRunsParts {
  readonly runtime: Runtime;
  readonly faults: Faults;
  /** Of candidates that name none. */
  readonly version: string;
  /** The context of the unit that is being worked on, if any. */
  readonly currentContext: () => unknown;
  /** Runs a shadow arm such that no unit is credited with what it measures. */
  readonly mute: <T>(work: () => T) => T;
  /** The variation that a flag serves to a context, as an exposure; undefined where it serves none. */
  readonly variationOf: (flag: string, context: unknown) => string | undefined;
  /** A run that nobody has set up; undefined: there is none. */
  readonly byDefault?: (key: string) => CompiledRun | undefined;
  readonly publish?: (result: RunResult) => unknown;
}

const TOKEN = /^[A-Za-z0-9_.:-]{1,64}$/;
const VERSION_LIMIT = 200;
/** NUL and halves of surrogate pairs, which the control plane cannot store. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;
/** Runs that `byDefault` has made. */
const DEFAULT_RUN_LIMIT = 1_000;

/** Runs what is on, and nothing but the control of what is not. */
export class ParallelRuns implements ParallelRunner, CallHost {
  readonly watch: DeadlineWatch;
  readonly #recorder = new RunRecorder();
  readonly #loopDelay: LoopDelay;
  readonly #live = new Map<string, LiveRun>();
  /** What wrapped functions look at: no look-up while a run is off. */
  readonly #places = new Map<string, { run: LiveRun | undefined }>();
  #applied: CompiledRuns | undefined;
  readonly #recording: RecordingParts;

  constructor(private readonly parts: ParallelRunsParts) {
    this.watch = new DeadlineWatch(parts.runtime);
    this.#loopDelay = new LoopDelay(parts.runtime);
    this.#recording = {
      recorder: this.#recorder,
      now: () => parts.runtime.now(),
      random: this.#random,
      traceId: activeTraceId,
      loopDelayMs: () => this.#loopDelay.recentMs,
    };
  }

  parallelRun<T>(key: string, options: ParallelRunOptions<T>): T {
    const run = this.#live.get(key) ?? (this.parts.byDefault && this.#liveByDefault(key));
    if (run === undefined) return options.control();
    // As below.
    return this.#call(run, options, undefined) as T;
  }

  parallel<Args extends readonly unknown[], T>(
    key: string,
    fn: (...args: Args) => T,
    candidate: (...args: Args) => NoInfer<T>,
    options?: ParallelOptions<T, Args>,
  ): (...args: Args) => T {
    const place = this.#placeOf(key);
    // The types of the functions are the caller's own affair; the control's answer is handed on as it is.
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
      this.#recorder.keepEpoch(key, compiled.settings.epoch);
      this.#set(key, new LiveRun(compiled));
    }
  }

  /** Hands over what was gathered since this was last called, as much as a batch may hold. */
  takeReports(): readonly ParallelRunReport[] {
    try {
      return this.#recorder.take();
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

  note(operation: RunOperation, run: LiveRun, thrown?: unknown): void {
    this.parts.faults.note(operation, run.compiled.settings.key, thrown);
  }

  mute<T>(work: () => T): T {
    return this.parts.mute(work);
  }

  record(concluded: ConcludedCall): void {
    const { call, pairs, addedMs, stampMs } = concluded;
    const { run } = call;
    if (stampMs !== undefined && stampMs >= 0) run.charge(addedMs ?? 0, stampMs, this.#loopDelay.recentMs);
    for (const pair of pairs) {
      const recorded = this.#recordedOf(run, call.options, pair.candidate, call.served);
      if (recorded !== undefined) recordPair(recorded, pair, concluded, this.#recording);
      if (call.isTold) this.#tell(call, pair);
    }
  }

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
    const context = this.#contextOf(run, options, invocation);
    const served = run.compiled.settings.serve === undefined ? undefined : this.#servedBy(run, options, context);
    const sampled = isWithinShadow() ? undefined : this.#sample(run, options, invocation, served, context);
    if (sampled !== undefined) return new ParallelCall(this, sampled).execute();
    return served === undefined ? callControl(options, invocation) : callServed(run, served, options, invocation);
  }

  /** A sampled call made ready; undefined where it is not sampled, or its shadow arms are shed. Whatever fails: neither. */
  #sample(
    run: LiveRun,
    options: CallOptions,
    invocation: Invocation | undefined,
    served: string | undefined,
    context: unknown,
  ): SampledCall | undefined {
    try {
      const text = context === undefined ? undefined : samplingText(run.compiled.sampler, context);
      if (context === FAILED || !isSampled(run.compiled.sampler, text, this.#random)) return undefined;
      const isTold = options.onResult !== undefined || this.parts.publish !== undefined;
      const shadows = this.#admitted(run, options, served, isTold);
      if (shadows.length === 0) return undefined;
      const input = invocation === undefined ? options.input : invocation.args;
      const digest = input === undefined ? '' : this.#fingerprint(run, input);
      return {
        run,
        options,
        invocation,
        served,
        shadows,
        hasTwin: served === undefined && this.#hasTwin(run, options),
        isTimed: run.isTimed(),
        fingerprint: digest === '' && text !== undefined ? `by ${text}` : digest,
        isFingerprintOfInput: digest !== '',
        shape: digest === '' ? undefined : this.#shapeOf(run, options, { digest, input, served, shadows }),
        stratum: options.stratum === undefined ? '' : this.#stratumOf(run, options.stratum, invocation),
        isTold,
      };
    } catch (thrown) {
      this.note('sample', run, thrown);
      return undefined;
    }
  }

  /** The shadow arms that may be run; the others are shed. */
  #admitted(run: LiveRun, options: CallOptions, served: string | undefined, isTold: boolean): readonly string[] {
    const names = served === undefined ? candidateNames(options) : CONTROL;
    const isAdmitted = run.admits(this.#random);
    if (isAdmitted && !run.isInTrouble && run.atWork === 0 && names.length === 1) return names;
    return names.filter((name) => {
      if (isAdmitted && this.#letsThrough(run, name)) return true;
      this.#shed(run, options, served ?? name, { served, isTold });
      return false;
    });
  }

  /** Of an input that was compared before, the structure is known. */
  #shapeOf(
    run: LiveRun,
    options: CallOptions,
    about: Pick<SampledCall, 'served' | 'shadows'> & { readonly digest: string; readonly input: unknown },
  ): number | undefined {
    const { served, shadows, digest, input } = about;
    const first = this.#recordedOf(run, options, served ?? shadows[0] ?? '', served);
    return first === undefined || first.seen.has(digest) ? undefined : shapeOf(input);
  }

  #letsThrough(run: LiveRun, name: string): boolean {
    if (run.atWork >= run.compiled.settings.maxConcurrent) return false;
    return !run.isInTrouble || run.letsThrough(name, this.clock(run));
  }

  #shed(
    run: LiveRun,
    options: CallOptions,
    candidate: string,
    { served, isTold }: { readonly served: string | undefined; readonly isTold: boolean },
  ): void {
    this.#recordedOf(run, options, candidate, served)?.sums.count('shed');
    if (isTold) this.#tell({ run, options, served, stratum: '' }, { ...UNTOLD, candidate, verdict: 'shed' });
  }

  #hasTwin(run: LiveRun, options: CallOptions): boolean {
    const { twinShare } = run.compiled.settings;
    if (twinShare <= 0 || (options.sideEffects !== 'none' && options.twin === undefined)) return false;
    return this.#random() * FULL_SHARE < twinShare;
  }

  #contextOf(run: LiveRun, { context }: CallOptions, invocation: Invocation | undefined): unknown {
    try {
      if (context === undefined) return this.parts.currentContext();
      if (typeof context !== 'function') return context;
      return (context as AnyFunction)(...((invocation?.args ?? []) as never[])); // it takes the call's arguments
    } catch (thrown) {
      this.note('sample', run, thrown);
      return FAILED;
    }
  }

  /** The candidate that answers the caller; undefined: the control, also whenever that cannot be told. */
  #servedBy(run: LiveRun, options: CallOptions, context: unknown): string | undefined {
    const { serve } = run.compiled.settings;
    if (serve === undefined || context === FAILED) return undefined;
    try {
      if (this.parts.variationOf(serve.flag, context ?? {}) !== serve.variation) return undefined;
      const names = candidateNames(options);
      const name = names.length === 1 ? names[0] : names.find((each) => each === serve.variation);
      if (name !== undefined && candidateOf(options, name) !== undefined) return name;
      this.note('serve', run);
    } catch (thrown) {
      this.note('serve', run, thrown);
    }
    return undefined;
  }

  #fingerprint(run: LiveRun, input: unknown): string {
    const fingerprint = fingerprintOf(input);
    if (fingerprint === '') this.note('input', run);
    return fingerprint;
  }

  #stratumOf(run: LiveRun, stratum: unknown, invocation: Invocation | undefined): string {
    try {
      const args = (invocation?.args ?? []) as never[]; // it takes the call's arguments
      const text = typeof stratum === 'function' ? (stratum as AnyFunction)(...args) : stratum;
      if (typeof text === 'string' && TOKEN.test(text)) return text;
      this.note('stratum', run);
    } catch (thrown) {
      this.note('stratum', run, thrown);
    }
    return '';
  }

  #recordedOf(
    run: LiveRun,
    options: CallOptions,
    candidate: string,
    servedBy: string | undefined,
  ): RecordedCandidate | undefined {
    const controlVersion = this.#versionOf(run, options.controlVersion ?? '');
    const candidateVersion = this.#versionOf(run, options.version ?? this.parts.version);
    const served = servedBy === undefined ? 'control' : 'candidate';
    const last = run.recorded;
    if (last !== undefined && !last.isForgotten) {
      const { of } = last.sums;
      const isSame = of.candidate === candidate && of.served === served;
      if (isSame && of.controlVersion === controlVersion && of.candidateVersion === candidateVersion) return last;
    }
    const { key, epoch } = run.compiled.settings;
    run.recorded = isName(candidate)
      ? this.#recorder.of({ run: key, epoch, candidate, controlVersion, candidateVersion, served })
      : undefined;
    if (run.recorded === undefined) this.note('record', run);
    return run.recorded;
  }

  #versionOf(run: LiveRun, version: unknown): string {
    if (version === '' || isName(version)) return version;
    this.note('version', run);
    return '';
  }

  /** After the caller has its answer. */
  #tell(call: Pick<SampledCall, 'run' | 'options' | 'served' | 'stratum'>, pair: ConcludedPair): void {
    const { run, options, served, stratum } = call;
    const { judgement, controlMs, candidateMs } = pair;
    const result: RunResult = {
      run: run.compiled.settings.key,
      candidate: pair.candidate,
      verdict: pair.verdict,
      served: served === undefined ? 'control' : 'candidate',
      control: judgement?.control,
      candidateOutcome: judgement?.candidate,
      differences: judgement?.differences ?? [],
      controlMs: known(controlMs),
      candidateMs: known(candidateMs),
      stratum,
    };
    queueMicrotask(() => {
      this.#hand(run, 'onResult', options.onResult, result);
      this.#hand(run, 'publish', this.parts.publish, result);
    });
  }

  #hand(
    run: LiveRun,
    operation: 'onResult' | 'publish',
    listener: ((result: RunResult) => unknown) | undefined,
    result: RunResult,
  ): void {
    try {
      const answer = listener?.(result);
      if (!isThenable(answer)) return;
      Promise.resolve(answer).then(undefined, (thrown: unknown) => this.note(operation, run, thrown));
    } catch (thrown) {
      this.note(operation, run, thrown);
    }
  }

  #liveByDefault(key: string): LiveRun | undefined {
    const known = this.#live.get(key);
    if (known !== undefined || this.#live.size >= DEFAULT_RUN_LIMIT) return known;
    const compiled = this.parts.byDefault?.(key);
    if (compiled !== undefined) this.#set(key, new LiveRun(compiled));
    return this.#live.get(key);
  }

  #placeOf(key: string): { readonly run: LiveRun | undefined } {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = { run: this.#live.get(key) ?? (this.parts.byDefault && this.#liveByDefault(key)) };
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
    if (this.#live.size > 0) this.#loopDelay.start();
    else this.#loopDelay.stop();
  }
}

const FAILED = Symbol('failed');
const CONTROL: readonly string[] = ['control'];
const UNTOLD = { judgement: undefined, controlMs: undefined, candidateMs: undefined, isControlFirst: true } as const;

function callControl(options: CallOptions, invocation: Invocation | undefined): unknown {
  if (invocation === undefined) return options.control();
  return options.control.apply(invocation.receiver, invocation.args as never[]); // as the caller's types have them
}

/** The candidate alone, for a caller who is served by it. */
function callServed(run: LiveRun, name: string, options: CallOptions, invocation: Invocation | undefined): unknown {
  const candidate = candidateOf(options, name) ?? options.control;
  if (invocation !== undefined) return candidate.apply(invocation.receiver, invocation.args as never[]); // as above
  return candidate.call(options, new ArmHandle(run.compiled.settings.key, name, true) as never); // it takes a ShadowArm
}

function isName(text: unknown): text is string {
  return typeof text === 'string' && text !== '' && text.length <= VERSION_LIMIT && !UNSTORABLE.test(text);
}

/** Undefined where the clock failed. */
function known(ms: number | undefined): number | undefined {
  return Number.isNaN(ms) ? undefined : ms;
}
