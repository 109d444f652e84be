import { types } from 'node:util';
import { Arm, type CallOfArm } from './arm.js';
import type { ArmHandle } from './arm-handle.js';
import { compareArms, type EndedArms, isSameAtAGlance, mismatchOf, SAME } from './conclude-call.js';
import type { RunOperation } from './faults.js';
import { callArm, callControl, callShadow, callTimedShadow } from './invoke-arm.js';
import { isThenable, type Judgement } from './judge.js';
import type { MismatchError } from './mismatch-error.js';
import { observe } from './observe-promise.js';
import type { CallHost, ConcludedCall, ConcludedPair, SampledCall } from './sampled-call.js';
import { withinShadow } from './shadow.js';

/** What an arm did when it was called: it returned or threw this. */
export interface Answer {
  readonly hasThrown: boolean;
  readonly payload: unknown;
  /** It is a promise, and whoever began the call observes it, and tells what it comes to. */
  readonly isObserved: boolean;
}

/** Of a call whose arms were called before, in this order; undefined: not yet. */
export interface BegunCall {
  readonly isPrimaryFirst: boolean;
  readonly primary: Answer | undefined;
  readonly shadow: Answer | undefined;
}

/** Runs the arms of one sampled call, and concludes once all have come to an end, or were given up. */
export class ParallelCall implements CallOfArm, ConcludedCall, EndedArms {
  readonly primary: Arm;
  readonly shadows: Arm[] = [];
  stampMs: number | undefined = undefined;
  addedMs: number | undefined = undefined;
  pairs: readonly ConcludedPair[] = NO_PAIRS;
  twin: Judgement | undefined = undefined;
  /** Arms that are waited for. */
  #open = 1;
  #begun = 0;
  #isInline = true;
  /** The primary answered with what must not be looked into. */
  #isUnknown = false;
  #mismatch: MismatchError | undefined = undefined;
  #whenConcluded: (() => void) | undefined = undefined;

  /** `handle` is what its only shadow was called with, where that was done before. */
  constructor(
    private readonly host: CallHost,
    readonly call: SampledCall,
    handle?: ArmHandle,
  ) {
    const { served, shadows, hasTwin } = call;
    this.primary = served === undefined ? new Arm('control', 'control', this) : new Arm('candidate', served, this);
    const role = served === undefined ? 'candidate' : 'control';
    for (const name of shadows) this.shadows.push(new Arm(role, name, this, handle));
    if (hasTwin) this.shadows.push(new Arm('twin', 'twin', this));
  }

  get key(): string {
    return this.call.run.compiled.settings.key;
  }

  mayWrite(arm: Arm): boolean {
    return arm === this.primary || this.call.options.sideEffects === 'allowed';
  }

  note(operation: RunOperation, thrown?: unknown): void {
    this.host.note(operation, this.call.run, thrown);
  }

  /** Runs the call, and answers or throws what its primary arm does; nothing else ever comes out of it. */
  execute(): unknown {
    const before = this.#shuffle();
    if (this.call.isTimed) this.#stamp();
    for (let i = 0; i < before; i += 1) this.#runShadow(this.shadows[i]);
    const answer = this.#runPrimary();
    for (let i = before; i < this.shadows.length; i += 1) this.#runShadow(this.shadows[i]);
    return this.#finish(answer);
  }

  /** As `execute`, of an untimed call of one candidate that was begun before. */
  resume({ isPrimaryFirst, primary, shadow }: BegunCall): unknown {
    const [arm] = this.shadows;
    if (!isPrimaryFirst) this.#runShadow(arm, shadow);
    const answer = this.#runPrimary(primary);
    if (isPrimaryFirst) this.#runShadow(arm, shadow);
    return this.#finish(answer);
  }

  /** Takes what the promise of its primary came to. */
  settlePrimary(hasThrown: boolean, payload: unknown): void {
    if (this.call.isTimed) this.primary.endMs = this.#stamp();
    this.primary.answer(hasThrown, payload);
    this.#chargeCopy(payload);
    this.#open -= 1;
    if (this.#open === 0) this.#concludeAfterCaller();
  }

  /** Takes what the promise of the only shadow came to, of a call whose promises another observes. */
  settleOnlyShadow(hasThrown: boolean, payload: unknown): void {
    const [arm] = this.shadows;
    if (arm !== undefined) this.#settleShadow(arm, hasThrown, payload);
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
    const { shadows } = this;
    if (shadows.length === 1) return this.host.flip() ? 0 : 1;
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

  #runPrimary(begun?: Answer): Answer {
    this.#begin(this.primary);
    let answer = begun;
    if (this.call.isTimed) this.primary.startMs = this.#stamp();
    try {
      answer ??= { hasThrown: false, payload: this.#callPrimary(), isObserved: false };
    } catch (thrown) {
      answer = { hasThrown: true, payload: thrown, isObserved: false };
    }
    if (!answer.isObserved) this.#takePrimary(answer.hasThrown, answer.payload);
    return answer;
  }

  #callPrimary(): unknown {
    const { call, primary } = this;
    if (primary.role === 'control') return callControl(call.options, call.invocation);
    return callArm(call, primary.role, primary.name, primary.handle);
  }

  #takePrimary(hasThrown: boolean, answer: unknown): void {
    const { primary } = this;
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
    this.call.run.answersLater = true;
    try {
      observe(
        promise,
        (value) => this.settlePrimary(false, value),
        (thrown) => this.settlePrimary(true, thrown),
      );
    } catch (thrown) {
      this.note('observe', thrown); // a subclass of promises that cannot be made: the call never concludes
    }
  }

  #runShadow(arm: Arm | undefined, begun?: Answer): void {
    if (arm === undefined) return;
    this.#open += 1;
    this.#begin(arm);
    const fromMs = this.stampMs;
    let answer: unknown;
    let hasThrown = false;
    try {
      answer = begun === undefined ? this.#callShadow(arm) : begun.payload;
      hasThrown = begun?.hasThrown === true;
    } catch (thrown) {
      answer = thrown;
      hasThrown = true;
    }
    if (begun?.isObserved === true) {
      this.#watch(arm);
      return;
    }
    if (hasThrown || !isThenable(answer)) {
      this.#takeShadow(arm, hasThrown, answer, fromMs);
      return;
    }
    if (this.call.isTimed) this.#charge(fromMs);
    this.#awaitShadow(arm, answer);
  }

  #callShadow(arm: Arm): unknown {
    const { host, call } = this;
    if (call.isTimed) return callTimedShadow(host, call, arm.role, arm.name, arm.handle, arm);
    return callShadow(host, call, arm.role, arm.name, arm.handle);
  }

  #takeShadow(arm: Arm, hasThrown: boolean, answer: unknown, fromMs: number | undefined): void {
    this.#open -= 1;
    arm.answer(hasThrown, answer);
    if (!this.call.isTimed) return;
    this.#charge(fromMs);
    if ((arm.tookMs ?? 0) > deadlineMsOf(this.call)) arm.state = 'late';
  }

  #awaitShadow(arm: Arm, answer: PromiseLike<unknown>): void {
    this.#watch(arm);
    try {
      // A thenable of another kind may begin its work only now.
      const promise = types.isPromise(answer) ? answer : withinShadow(arm.handle, () => Promise.resolve(answer));
      observe(
        promise,
        (value) => this.#settleShadow(arm, false, value),
        (thrown) => this.#settleShadow(arm, true, thrown),
      );
    } catch (thrown) {
      // A subclass that cannot be observed: over at once, and concluded with the rest of the call.
      this.#leave(arm);
      this.#takeShadow(arm, true, thrown, this.stampMs);
    }
  }

  /** It takes up a place, until it leaves or has been waited for long enough. */
  #watch(arm: Arm): void {
    this.call.run.atWork += 1;
    arm.deadlineMs = deadlineMsOf(this.call);
    this.host.watch.add(arm);
  }

  #settleShadow(arm: Arm, hasThrown: boolean, payload: unknown): void {
    if (this.call.isTimed && arm.state === 'running') arm.endMs = this.host.clock(this.call.run);
    this.#leave(arm);
    if (arm.state !== 'running') return;
    arm.answer(hasThrown, payload);
    this.#close();
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

  #finish({ hasThrown, payload }: Answer): unknown {
    const isAsync = this.primary.state === 'running';
    if (!isAsync && !hasThrown && !this.#isUnknown) this.#refusePromises();
    if (this.#open === 0) this.#conclude();
    this.#isInline = false;
    if (this.call.options.raiseOnMismatch === true) {
      if (this.#mismatch !== undefined) throw this.#mismatch;
      // Only a promise can wait for candidates that are still at work.
      if (isAsync) return this.#answerOnceConcluded(payload);
    }
    if (hasThrown) throw payload;
    return payload;
  }

  /** The caller has a value: a promise of one, however it settles, would have been no answer. */
  #refusePromises(): void {
    for (const arm of this.shadows) {
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

  /** Whoever awaits the primary's promise goes first, unless there is less to do than there would be to put it off. */
  #concludeAfterCaller(): void {
    if (this.#isPlainMatch()) this.#conclude();
    else queueMicrotask(() => this.#conclude());
  }

  /** Whether all there is to do is to count a match. */
  #isPlainMatch(): boolean {
    const { call, primary, shadows } = this;
    const [only] = shadows;
    if (only?.role !== 'candidate' || shadows.length > 1 || call.isTimed || call.run.isInTrouble) return false;
    return isSameAtAGlance(call, primary, only);
  }

  #conclude(): void {
    try {
      if (!this.call.run.isOver) this.#compare();
    } catch (thrown) {
      this.note('record', thrown);
    }
    this.#whenConcluded?.();
  }

  #compare(): void {
    if (this.#isPlainMatch()) {
      this.host.recordMatch(this.call);
      return;
    }
    const { pairs, twin } = compareArms(this.host, this);
    this.pairs = pairs;
    this.twin = twin;
    const isQuick = pairs.length === 1 && pairs[0]?.judgement === SAME;
    if (this.call.isTimed && this.#isInline && !isQuick) this.#charge(this.stampMs);
    if (this.call.options.raiseOnMismatch === true) this.#mismatch = mismatchOf(this, pairs);
    this.host.record(this);
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

const NO_PAIRS: readonly ConcludedPair[] = [];

/** Milliseconds that a shadow arm of the call is waited for. */
export function deadlineMsOf({ options, run }: SampledCall): number {
  const { deadlineMs } = options;
  return typeof deadlineMs === 'number' && deadlineMs > 0 ? deadlineMs : run.compiled.settings.deadlineMs;
}
