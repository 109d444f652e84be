import { isPrimitive } from './arm.js';
import { ArmHandle } from './arm-handle.js';
import type { Watched } from './deadline-watch.js';
import { callControl, callShadow } from './invoke-arm.js';
import { canObserve } from './observe-promise.js';
import { type Answer, type BegunCall, deadlineMsOf, ParallelCall } from './parallel-call.js';
import type { CallHost, SampledCall } from './sampled-call.js';

/**
 * A quick call whose arms are expected to answer with promises: one object in place of a ParallelCall and its arms. While
 * both promises come to primitives nothing is copied of them, and the same two are one count. As soon as an arm does
 * anything else, or is late, a ParallelCall goes on from there, and is told what the promises come to.
 */
export class PendingPair implements Watched {
  deadlineMs = 0;
  dueMs: number | undefined = undefined;
  older: Watched | undefined = undefined;
  younger: Watched | undefined = undefined;
  /** The control's promise, once it is observed. */
  #promise: unknown = undefined;
  /** What their promises came to. */
  #control: unknown = PENDING;
  #candidate: unknown = UNBEGUN;
  #whole: ParallelCall | undefined = undefined;
  readonly #handle: ArmHandle;
  #isPrimaryFirst = true;

  constructor(
    private readonly host: CallHost,
    private readonly call: SampledCall,
  ) {
    const { run, options } = call;
    this.#handle = new ArmHandle(run.compiled.settings.key, 'candidate', options.sideEffects === 'allowed');
  }

  /** Runs both arms in random order, and answers or throws what the control does. */
  execute(): unknown {
    const isPrimaryFirst = (this.#isPrimaryFirst = this.host.flip());
    const early = isPrimaryFirst ? this.#beginControl() : this.#beginCandidate();
    if (early !== undefined) return isPrimaryFirst ? this.#resume(early, undefined) : this.#resume(undefined, early);
    const late = isPrimaryFirst ? this.#beginCandidate() : this.#beginControl();
    if (late !== undefined) return isPrimaryFirst ? this.#resume(undefined, late) : this.#resume(late, undefined);
    this.call.run.atWork += 1;
    this.deadlineMs = deadlineMsOf(this.call);
    this.host.watch.add(this);
    return this.#promise;
  }

  /** Called when the candidate is due. */
  giveUp(): void {
    this.#handOver().shadows[0]?.giveUp();
  }

  /** Undefined for a promise, which is observed now: before anybody else can who might change what it comes to. */
  #beginControl(): Answer | undefined {
    let payload: unknown;
    try {
      payload = callControl(this.call.options, this.call.invocation);
    } catch (thrown) {
      return { hasThrown: true, payload: thrown, isObserved: false };
    }
    const isObserved = canObserve(
      payload,
      (value) => this.#settleControl(false, value),
      (thrown) => this.#settleControl(true, thrown),
    );
    if (!isObserved) return { hasThrown: false, payload, isObserved };
    this.#promise = payload;
    return undefined;
  }

  #beginCandidate(): Answer | undefined {
    let payload: unknown;
    try {
      payload = callShadow(this.host, this.call, 'candidate', 'candidate', this.#handle);
    } catch (thrown) {
      return { hasThrown: true, payload: thrown, isObserved: false };
    }
    const isObserved = canObserve(
      payload,
      (value) => this.#settleCandidate(false, value),
      (thrown) => this.#settleCandidate(true, thrown),
    );
    if (!isObserved) return { hasThrown: false, payload, isObserved };
    this.#candidate = PENDING;
    return undefined;
  }

  #settleControl(hasThrown: boolean, payload: unknown): void {
    if (this.#whole !== undefined || hasThrown || !isPrimitive(payload)) {
      (this.#whole ?? this.#handOver()).settlePrimary(hasThrown, payload);
      return;
    }
    this.#control = payload;
    if (this.#candidate !== PENDING) this.#conclude();
  }

  #settleCandidate(hasThrown: boolean, payload: unknown): void {
    if (this.#whole !== undefined || hasThrown || !isPrimitive(payload)) {
      (this.#whole ?? this.#handOver()).settleOnlyShadow(hasThrown, payload);
      return;
    }
    this.#leave();
    this.#candidate = payload;
    if (this.#control !== PENDING) this.#conclude();
  }

  /** Whoever awaits the control's promise goes first, unless there is less to do than there would be to put it off. */
  #conclude(): void {
    if (Object.is(this.#control, this.#candidate) && !this.call.run.isInTrouble) this.host.recordMatch(this.call);
    else queueMicrotask(() => void this.#handOver());
  }

  /** The candidate takes up no place any more. */
  #leave(): void {
    this.call.run.atWork -= 1;
    this.host.watch.delete(this);
  }

  /** Of a pair at work: has a ParallelCall go on with it, which is told what is known, and when the candidate is due. */
  #handOver(): ParallelCall {
    if (this.#candidate === PENDING) this.#leave();
    const whole = (this.#whole = new ParallelCall(this.host, this.call, this.#handle));
    whole.resume(this.#begun(undefined, undefined));
    if (whole.shadows[0] !== undefined) whole.shadows[0].dueMs = this.dueMs;
    if (this.#control !== PENDING) whole.settlePrimary(false, this.#control);
    if (this.#candidate !== PENDING) whole.settleOnlyShadow(false, this.#candidate);
    return whole;
  }

  #resume(primary: Answer | undefined, shadow: Answer | undefined): unknown {
    this.#whole = new ParallelCall(this.host, this.call, this.#handle);
    return this.#whole.resume(this.#begun(primary, shadow));
  }

  /** These answers, or else promises that are observed. */
  #begun(primary: Answer | undefined, shadow: Answer | undefined): BegunCall {
    const promise = { hasThrown: false, payload: this.#promise, isObserved: true };
    return {
      isPrimaryFirst: this.#isPrimaryFirst,
      primary: primary ?? (this.#promise === undefined ? undefined : promise),
      shadow: shadow ?? (this.#candidate === UNBEGUN ? undefined : OBSERVED),
    };
  }
}

/** Of an arm that was not called yet. */
const UNBEGUN = Symbol('unbegun');
/** Of a promise that has not come to anything yet. */
const PENDING = Symbol('pending');
const OBSERVED: Answer = { hasThrown: false, payload: undefined, isObserved: true };
