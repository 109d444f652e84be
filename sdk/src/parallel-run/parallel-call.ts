import { types } from 'node:util';
import { isUnequal, type RunVerdict } from '../comparison/index.js';
import { Arm, type CallOfArm } from './arm.js';
import { type AnyFunction, type CallOptions, candidateOf, type Invocation } from './call-options.js';
import type { DeadlineWatch } from './deadline-watch.js';
import type { RunOperation } from './faults.js';
import { isThenable, judge, type Judgement } from './judge.js';
import type { LiveRun } from './live-run.js';
import { MismatchError } from './mismatch-error.js';
import { enterPureShadow, leavePureShadow, withinShadow } from './shadow.js';

/** What calls need of those who run them; none of it throws. */
export interface CallHost {
  readonly watch: DeadlineWatch;
  /** Monotonic milliseconds; NaN where the clock fails. */
  clock(run: LiveRun): number;
  /** From 0 to 1. */
  random(): number;
  note(operation: RunOperation, run: LiveRun, thrown?: unknown): void;
  /** Runs a shadow arm such that no unit is credited with what it measures. */
  mute<T>(work: () => T): T;
  /** Takes in what a call came to. */
  record(call: ConcludedCall): void;
}

/** A sampled call, and what it is about. */
export interface SampledCall {
  readonly run: LiveRun;
  readonly options: CallOptions;
  readonly invocation: Invocation | undefined;
  /** The candidate whose answer the caller gets; undefined: the control's. */
  readonly served: string | undefined;
  /** Names of the arms that run beside: of candidates, or `control` where a candidate is served. */
  readonly shadows: readonly string[];
  readonly hasTwin: boolean;
  readonly isTimed: boolean;
  readonly fingerprint: string;
  readonly isFingerprintOfInput: boolean;
  readonly shape: number | undefined;
  readonly stratum: string;
  /** Whether somebody hears of the result, so that values are kept for them. */
  readonly isTold: boolean;
}

/** What the comparison of one candidate came to; nothing was judged of a call that timed out or was shed. */
export interface ConcludedPair {
  readonly candidate: string;
  readonly verdict: RunVerdict;
  readonly judgement: Judgement | undefined;
  /** Milliseconds; undefined where they were not timed. */
  readonly controlMs: number | undefined;
  readonly candidateMs: number | undefined;
  readonly isControlFirst: boolean;
}

export interface ConcludedCall {
  readonly call: SampledCall;
  readonly pairs: readonly ConcludedPair[];
  /** Of the control against its repetition, where that ran. */
  readonly twin: Judgement | undefined;
  /** What all of it held up the caller by, milliseconds; undefined where the call is not timed. */
  readonly addedMs: number | undefined;
  /** Monotonic milliseconds of its newest stamp; undefined where there is none. */
  readonly stampMs: number | undefined;
}

/** By the platform's own `then`: a subclass's may begin its work anew. */
function observe(promise: Promise<unknown>, settle: (hasThrown: boolean, payload: unknown) => void): void {
  void Promise.prototype.then.call(
    promise,
    (value) => settle(false, value),
    (thrown) => settle(true, thrown),
  );
}

/** Runs the arms of one sampled call, and concludes once all have come to an end, or were given up. */
export class ParallelCall implements CallOfArm, ConcludedCall {
  readonly #primary: Arm;
  readonly #shadows: Arm[];
  #open = 1;
  stampMs: number | undefined = undefined;
  addedMs: number | undefined = undefined;
  readonly pairs: ConcludedPair[] = [];
  twin: Judgement | undefined = undefined;
  #begun = 0;
  #isInline = true;
  /** The primary answered with what must not be looked into. */
  #isUnknown = false;
  #mismatch: MismatchError | undefined;
  #whenConcluded: (() => void) | undefined;

  constructor(
    private readonly host: CallHost,
    readonly call: SampledCall,
  ) {
    const { served, shadows, hasTwin } = call;
    this.#primary = served === undefined ? new Arm('control', 'control', this) : new Arm('candidate', served, this);
    const role = served === undefined ? 'candidate' : 'control';
    this.#shadows = [];
    for (const name of shadows) this.#shadows.push(new Arm(role, name, this));
    if (hasTwin) this.#shadows.push(new Arm('twin', 'twin', this));
  }

  get key(): string {
    return this.call.run.compiled.settings.key;
  }

  mayWrite(arm: Arm): boolean {
    return arm === this.#primary || this.call.options.sideEffects === 'allowed';
  }

  note(operation: RunOperation, thrown?: unknown): void {
    this.host.note(operation, this.call.run, thrown);
  }

  /** Runs the call, and answers or throws what its primary arm does; nothing else ever comes out of it. */
  execute(): unknown {
    const before = this.#shuffle();
    if (this.call.isTimed) this.#stamp();
    for (let i = 0; i < before; i += 1) this.#runShadow(this.#shadows[i]);

    let hasThrown = false;
    let answer: unknown;
    this.#begin(this.#primary);
    try {
      answer = this.#invoke(this.#primary);
    } catch (thrown) {
      hasThrown = true;
      answer = thrown;
    }
    this.#takePrimary(hasThrown, answer);

    for (let i = before; i < this.#shadows.length; i += 1) this.#runShadow(this.#shadows[i]);
    return this.#finish(hasThrown, answer);
  }

  /** Called by an arm that was given up. */
  armIsLate(): void {
    this.#close();
  }

  /** Called by an arm whose work nobody waits for any more. */
  armHasLeft(arm: Arm): void {
    this.#leave(arm);
  }

  /** Puts all arms in random order: answers how many shadows go before the primary. */
  #shuffle(): number {
    const shadows = this.#shadows;
    if (shadows.length === 1) return this.host.random() < 0.5 ? 0 : 1;
    for (let i = shadows.length - 1; i > 0; i -= 1) {
      const j = Math.floor(this.host.random() * (i + 1));
      const [one, other] = [shadows[i], shadows[j]];
      if (one === undefined || other === undefined) continue;
      shadows[i] = other;
      shadows[j] = one;
    }
    return Math.floor(this.host.random() * (shadows.length + 1));
  }

  #begin(arm: Arm): void {
    arm.startMs = this.stampMs;
    arm.position = this.#begun;
    this.#begun += 1;
  }

  #invoke(arm: Arm): unknown {
    const { options, invocation } = this.call;
    if (invocation !== undefined) {
      const { receiver, args } = invocation;
      return this.#functionOf(arm).apply(receiver, args as never[]); // as the caller's types have them
    }
    if (arm.role === 'control') return options.control();
    if (arm.role === 'twin' && options.twin === undefined) return options.control();
    if (arm.role === 'candidate' && options.candidate !== undefined) return options.candidate(arm.handle as never);
    return this.#functionOf(arm)(arm.handle as never); // it takes a ShadowArm
  }

  #functionOf(arm: Arm): AnyFunction {
    const { options } = this.call;
    if (arm.role === 'control') return options.control;
    if (arm.role === 'twin') return options.twin ?? options.control;
    const candidate = candidateOf(options, arm.name);
    if (candidate === undefined) throw new TypeError(`There is no candidate '${arm.name}'.`);
    return candidate;
  }

  #takePrimary(hasThrown: boolean, answer: unknown): void {
    const primary = this.#primary;
    if (!hasThrown && types.isPromise(answer)) {
      this.#observePrimary(answer);
      if (this.call.isTimed) this.#stamp();
      return;
    }
    if (this.call.isTimed) primary.endMs = this.#stamp();
    this.#open -= 1;
    if (!hasThrown && isThenable(answer)) {
      this.note('thenable');
      this.#isUnknown = true;
      primary.answerUnknown();
      return;
    }
    primary.answer(hasThrown, answer);
    this.#chargeCopy(answer);
  }

  /** Copying takes time that is no arm's. */
  #chargeCopy(answer: unknown): void {
    if (!this.call.isTimed || typeof answer !== 'object' || answer === null) return;
    this.#charge(this.stampMs);
  }

  /** Before anybody else can: what follows on the promise sees the value only after it was copied. */
  #observePrimary(promise: Promise<unknown>): void {
    const settle = (hasThrown: boolean, payload: unknown) => {
      if (this.call.isTimed) this.#primary.endMs = this.#stamp();
      this.#primary.answer(hasThrown, payload);
      this.#chargeCopy(payload);
      this.#open -= 1;
      // Whoever awaits the promise goes first.
      if (this.#open === 0) queueMicrotask(() => this.#conclude());
    };
    try {
      observe(promise, settle);
    } catch (thrown) {
      this.note('observe', thrown); // a subclass of promises that cannot be made: the call never concludes
    }
  }

  #runShadow(arm: Arm | undefined): void {
    if (arm === undefined) return;
    this.#open += 1;
    this.#begin(arm);
    const fromMs = this.stampMs;
    let answer: unknown;
    try {
      answer = this.#invokeShadow(arm);
    } catch (thrown) {
      this.#takeShadow(arm, true, thrown, fromMs);
      return;
    }
    if (!isThenable(answer)) {
      this.#takeShadow(arm, false, answer, fromMs);
      return;
    }
    if (this.call.isTimed) this.#charge(fromMs);
    this.#awaitShadow(arm, answer);
  }

  #invokeShadow(arm: Arm): unknown {
    if (this.call.options.sideEffects === 'none') {
      const outer = enterPureShadow(arm);
      try {
        return this.#invoke(arm);
      } finally {
        leavePureShadow(outer);
      }
    }
    return withinShadow(arm.handle, () => this.host.mute(() => this.#invoke(arm)));
  }

  #takeShadow(arm: Arm, hasThrown: boolean, answer: unknown, fromMs: number | undefined): void {
    this.#open -= 1;
    if (this.call.isTimed) arm.endMs = this.#stamp();
    arm.answer(hasThrown, answer);
    if (!this.call.isTimed) return;
    if (typeof answer === 'object' && answer !== null) this.#stamp();
    this.#add(fromMs);
    if ((arm.tookMs ?? 0) > this.#deadlineMs()) arm.state = 'late';
  }

  #awaitShadow(arm: Arm, answer: PromiseLike<unknown>): void {
    const { run } = this.call;
    run.atWork += 1;
    arm.deadlineMs = this.#deadlineMs();
    const settle = (hasThrown: boolean, payload: unknown) => {
      this.#leave(arm);
      if (arm.state !== 'running') return;
      if (this.call.isTimed) arm.endMs = this.host.clock(run);
      arm.answer(hasThrown, payload);
      this.#close();
    };
    try {
      // A thenable of another kind may begin its work only now.
      const promise = types.isPromise(answer) ? answer : withinShadow(arm.handle, () => Promise.resolve(answer));
      observe(promise, settle);
      this.host.watch.add(arm);
    } catch (thrown) {
      settle(true, thrown);
    }
  }

  #deadlineMs(): number {
    const { options, run } = this.call;
    const { deadlineMs } = options;
    return typeof deadlineMs === 'number' && deadlineMs > 0 ? deadlineMs : run.compiled.settings.deadlineMs;
  }

  /** It takes up none of the places for arms at work any more. */
  #leave(arm: Arm): void {
    if (arm.deadlineMs === 0) return;
    arm.deadlineMs = 0;
    this.call.run.atWork -= 1;
    this.host.watch.delete(arm);
  }

  #close(): void {
    this.#open -= 1;
    if (this.#open === 0) this.#conclude();
  }

  #finish(hasThrown: boolean, answer: unknown): unknown {
    const isAsync = this.#primary.state === 'running';
    if (!isAsync && !hasThrown && !this.#isUnknown) this.#refusePromises();
    if (this.#open === 0) this.#conclude();
    this.#isInline = false;
    if (this.call.options.raiseOnMismatch === true) {
      if (this.#mismatch !== undefined) throw this.#mismatch;
      // Only a promise can wait for candidates that are still at work.
      if (isAsync) return this.#answerOnceConcluded(answer);
    }
    if (hasThrown) throw answer;
    return answer;
  }

  /** The caller has a value: a promise of one, however it settles, would have been no answer. */
  #refusePromises(): void {
    for (const arm of this.#shadows) {
      if (arm.state !== 'running') continue;
      arm.answer(true, new TypeError('The control answers at once; this arm answered with a promise.'));
      this.#open -= 1;
    }
  }

  #answerOnceConcluded(answer: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#whenConcluded = () => {
        if (this.#mismatch === undefined) resolve(answer);
        else reject(this.#mismatch);
      };
    });
  }

  #conclude(): void {
    try {
      if (!this.call.run.isOver) this.#judgeAll();
    } catch (thrown) {
      this.note('record', thrown);
    }
    this.#whenConcluded?.();
  }

  #judgeAll(): void {
    const primary = this.#primary;
    const control = primary.role === 'control' ? primary : this.#shadows[0];
    if (control === undefined) return;
    const { pairs } = this;
    if (primary.role === 'candidate') pairs.push(this.#judgePair(control, primary));
    for (const arm of this.#shadows) {
      if (arm.role === 'candidate') pairs.push(this.#judgePair(control, arm));
      else if (arm.role === 'twin' && arm.state === 'answered') this.twin = this.#judge(control, arm);
    }
    for (const pair of pairs) this.#settleBreaker(pair);
    const isQuick = pairs.length === 1 && pairs[0]?.judgement === SAME;
    if (this.call.isTimed && this.#isInline && !isQuick) {
      this.#charge(this.stampMs);
    }
    if (this.call.options.raiseOnMismatch === true) this.#noteMismatch(control, pairs);
    this.host.record(this);
  }

  #judgePair(control: Arm, candidate: Arm): ConcludedPair {
    const judgement =
      control.state === 'late' || candidate.state === 'late' ? undefined : this.#judge(control, candidate);
    return {
      candidate: candidate.name,
      verdict: judgement?.verdict ?? 'timeout',
      judgement,
      controlMs: control.tookMs,
      candidateMs: candidate.tookMs,
      isControlFirst: control.position < candidate.position,
    };
  }

  #judge(control: Arm, candidate: Arm): Judgement {
    const { options, run } = this.call;
    const isSame = control.isSameAs(candidate);
    const isPlain = options.clean === undefined && options.compare === undefined;
    if (isSame && isPlain && !this.call.isTold) return SAME;
    const outcome = control.outcome;
    // The very same object, whatever became of it between two copies.
    return judge(outcome, isSame ? outcome : candidate.outcome, {
      hooks: options,
      rules: run.compiled.rules,
      note: (operation, thrown) => this.note(operation, thrown),
    });
  }

  #settleBreaker({ candidate, verdict }: ConcludedPair): void {
    const { run, served } = this.call;
    const isFailure = verdict === 'timeout' || verdict === (served === undefined ? 'candidate_error' : 'control_error');
    if (!isFailure && !run.isInTrouble) return;
    run.settle(served === undefined ? candidate : 'control', isFailure, this.host.clock(run));
  }

  #noteMismatch(control: Arm, pairs: readonly ConcludedPair[]): void {
    const pair = pairs.find(({ verdict }) => isUnequal(verdict) || UNCOMPARED.includes(verdict));
    if (pair === undefined) return;
    const { key } = this.call.run.compiled.settings;
    this.#mismatch = new MismatchError(key, pair.candidate, pair.verdict, pair.judgement?.differences ?? [], {
      ...(control.hasThrown && { cause: control.raw }),
    });
  }

  #stamp(): number {
    return (this.stampMs = this.host.clock(this.call.run));
  }

  /** Adds the time since a stamp to what holds up the caller. */
  #charge(fromMs: number | undefined): void {
    this.#stamp();
    this.#add(fromMs);
  }

  #add(fromMs: number | undefined): void {
    if (fromMs !== undefined && this.stampMs !== undefined) this.addedMs = (this.addedMs ?? 0) + this.stampMs - fromMs;
  }
}

const UNCOMPARED: readonly RunVerdict[] = ['timeout', 'compare_error', 'clean_error'];

/** Of arms that returned the same: the commonest of all, and made once. */
const SAME: Judgement = {
  verdict: 'match',
  differences: [],
  isCut: false,
  control: undefined,
  candidate: undefined,
};
