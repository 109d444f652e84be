import type { AsyncLocalStorage } from 'node:async_hooks';
import type { EvaluationContext, JsonValue, VersionChoice } from '../evaluation/index.js';
import type { Exposure } from './exposures.js';
import type { EndedUnit, Measurements } from './measurements.js';
import { formatRouting } from './routing.js';
import { newTally, observe, type Tally } from './tally.js';

/**
 * One request or job: it remembers what it was exposed to, and gives that the credit, or the blame, for what it
 * measures, once it ends. Exposures after a measurement count as those before it. No method throws or does I/O; once it
 * has ended, a unit takes nothing in.
 */
export interface Unit {
  /** What was given at its beginning. */
  readonly context: EvaluationContext;
  /**
   * Runs the work as this unit: flags evaluated and versions chosen within, also asynchronously, are its exposures. It
   * ends when the work is done, a promise's work when that settles; what is thrown marks it as failed, and is passed on.
   */
  run<T>(work: () => T): T;
  /** Runs the work as this unit, without ending it: for frameworks that tell the end by an event. */
  within<T>(work: () => T): T;
  /** Evaluates a flag for the unit's own context, as an exposure of it. */
  boolean(flagKey: string, defaultValue: boolean): boolean;
  string(flagKey: string, defaultValue: string): string;
  number(flagKey: string, defaultValue: number): number;
  json(flagKey: string, defaultValue: JsonValue): JsonValue;
  /**
   * Chooses a service's version for the unit's own context, as an exposure of it: the one that an earlier service of the
   * chain has chosen, else by bucket. One that is not `among` those the caller can reach is an ERROR, and no exposure.
   */
  version(serviceKey: string, among?: readonly string[]): VersionChoice;
  /** Counts something that happened, `n` times. Names of metrics are few and fixed, of at most 256 characters. */
  count(name: string, n?: number): void;
  /** Adds a duration, milliseconds, of something that may have failed. */
  duration(name: string, ms: number, isBad?: boolean): void;
  /** Runs the work and adds how long it took, until its promise settles; failed when it throws, which is passed on. */
  time<T>(name: string, work: () => T): T;
  /** Adds a value of any unit: the price of an order, say. */
  value(name: string, x: number): void;
  /** Adds the duration of one call of a service, as `<service>.request`: credited to that service's arms alone. */
  called(serviceKey: string, ms: number, isBad: boolean): void;
  /** Marks the unit as failed; the first reason stays. */
  fail(reason?: string): void;
  readonly isFailed: boolean;
  readonly failureReason: string | undefined;
  /** Ends it and credits what it was exposed to. The first call counts. */
  end(): void;
  /** The `sluice-version` header for calls on behalf of this unit: what the chain and this unit chose; undefined for nothing. */
  readonly routing: string | undefined;
}

/** What units need of their client. */
export interface UnitHost {
  readonly current: AsyncLocalStorage<UnitRecord>;
  readonly measurements: Measurements;
  readonly elapsedMs: () => number;
  readonly evaluate: <Value extends JsonValue>(
    unit: UnitRecord,
    type: 'boolean' | 'string' | 'number' | 'json',
    flagKey: string,
    defaultValue: Value,
  ) => Value;
  readonly choose: (
    unit: UnitRecord,
    serviceKey: string,
    context: EvaluationContext,
    among?: readonly string[],
  ) => VersionChoice;
  /** It has ended, and is to be kept no longer. */
  readonly forget: (unit: UnitRecord) => void;
}

const NOTHING: ReadonlyMap<string, Tally> = new Map();

export class UnitRecord implements Unit {
  readonly startedAtMs: number;
  #exposures: Exposure[] = [];
  #mixed: Exposure[] = [];
  #tallies: Map<string, Tally> | undefined;
  #chosen: Map<string, string> | undefined;
  #isBad = false;
  #failureReason: string | undefined;
  #isOver = false;

  constructor(
    private readonly host: UnitHost,
    readonly context: EvaluationContext,
    /** What earlier services of the chain chose, by service key. */
    readonly routes: ReadonlyMap<string, string> | undefined,
  ) {
    this.startedAtMs = host.elapsedMs();
  }

  run<T>(work: () => T): T {
    return watch(
      () => this.within(work),
      (isFailed, reason) => {
        if (isFailed) this.fail(reasonOf(reason));
        this.end();
      },
    );
  }

  within<T>(work: () => T): T {
    return this.host.current.run(this, work);
  }

  boolean(flagKey: string, defaultValue: boolean): boolean {
    return this.host.evaluate(this, 'boolean', flagKey, defaultValue);
  }

  string(flagKey: string, defaultValue: string): string {
    return this.host.evaluate(this, 'string', flagKey, defaultValue);
  }

  number(flagKey: string, defaultValue: number): number {
    return this.host.evaluate(this, 'number', flagKey, defaultValue);
  }

  json(flagKey: string, defaultValue: JsonValue): JsonValue {
    return this.host.evaluate(this, 'json', flagKey, defaultValue);
  }

  version(serviceKey: string, among?: readonly string[]): VersionChoice {
    return this.host.choose(this, serviceKey, this.context, among);
  }

  count(name: string, n = 1): void {
    if (!this.host.measurements.acceptsCount(n)) return;
    const tally = this.#tallyOf(name);
    if (tally === undefined) return;
    tally.n += n;
    tally.counted += n;
  }

  duration(name: string, ms: number, isBad = false): void {
    this.#observe(name, notNegative(ms), isBad);
  }

  time<T>(name: string, work: () => T): T {
    const fromMs = this.host.elapsedMs();
    return watch(work, (isFailed) => this.duration(name, this.host.elapsedMs() - fromMs, isFailed));
  }

  value(name: string, x: number): void {
    this.#observe(name, x, false);
  }

  called(serviceKey: string, ms: number, isBad: boolean): void {
    // JavaScript passes anything; a metric without a name is refused.
    const isKey = typeof serviceKey === 'string' && serviceKey !== '';
    this.#observe(isKey ? `${serviceKey}.request` : '', notNegative(ms), isBad, isKey ? `service/${serviceKey}` : '');
  }

  fail(reason?: string): void {
    if (this.#isOver || this.#isBad) return;
    this.#isBad = true;
    this.#failureReason = reason;
  }

  get isFailed(): boolean {
    return this.#isBad;
  }

  get failureReason(): string | undefined {
    return this.#failureReason;
  }

  end(): void {
    if (this.#isOver) return;
    this.drop();
    this.host.forget(this);
    this.host.measurements.credit(this.#ended());
  }

  get routing(): string | undefined {
    const routes = new Map(this.routes);
    for (const [key, version] of this.#chosen ?? []) routes.set(key, version);
    return formatRouting(routes);
  }

  /** Takes nothing in any more, and credits nothing. */
  drop(): void {
    this.#isOver = true;
  }

  /** Notes what it was exposed to. Of a ramp of which it sees both arms, it is credited to neither. */
  expose(exposure: Exposure): void {
    if (this.#isOver) return;
    const isOfRamp = ({ ramp }: Exposure) => ramp === exposure.ramp;
    const known = this.#exposures.find(isOfRamp);
    if (known?.arm === exposure.arm || this.#mixed.some(isOfRamp)) return;
    if (known === undefined) {
      this.#exposures.push(exposure);
      return;
    }
    this.#exposures = this.#exposures.filter((each) => each !== known);
    this.#mixed.push(known);
  }

  /** Notes which version of a service its calls go to. */
  noteVersion(serviceKey: string, version: string): void {
    (this.#chosen ??= new Map()).set(serviceKey, version);
  }

  /** Counts an event and sums its value, where it has one. */
  track(event: string, value: number | undefined): void {
    const tally = this.#tallyOf(event);
    if (tally === undefined) return;
    if (value === undefined) tally.n += 1;
    else if (this.host.measurements.acceptsValue(value)) observe(tally, value, false);
    else tally.n += 1;
  }

  #observe(name: string, value: number, isBad: boolean, only?: string): void {
    if (!this.host.measurements.acceptsValue(value)) return;
    const tally = this.#tallyOf(name, only);
    if (tally !== undefined) observe(tally, value, isBad);
  }

  #tallyOf(name: string, only?: string): Tally | undefined {
    if (this.#isOver) return undefined;
    const known = this.#tallies?.get(name);
    if (known !== undefined) return known;
    if (!this.host.measurements.accepts(name)) return undefined;
    const tally = newTally(only);
    (this.#tallies ??= new Map()).set(name, tally);
    return tally;
  }

  #ended(): EndedUnit {
    return {
      targetingKey: targetingKeyOf(this.context),
      isBad: this.#isBad,
      exposures: this.#exposures,
      mixed: this.#mixed,
      tallies: this.#tallies ?? NOTHING,
    };
  }
}

/** A clock that was put back measures nothing, and neither does what JavaScript passes for a number. */
function notNegative(ms: number): number {
  return typeof ms === 'number' && ms >= 0 ? ms : Number.NaN;
}

function targetingKeyOf(context: EvaluationContext): string | undefined {
  try {
    const key: unknown = context.targetingKey;
    return typeof key === 'string' && key !== '' ? key : undefined;
  } catch {
    return undefined; // a getter that throws
  }
}

/**
 * Runs the work and tells once whether it failed: when it returns or throws, or when the promise that it returns
 * settles. A rejection stays its caller's to handle.
 */
function watch<T>(work: () => T, done: (isFailed: boolean, reason?: unknown) => void): T {
  let result: T;
  try {
    result = work();
  } catch (thrown) {
    done(true, thrown);
    throw thrown;
  }
  if (!isPromiseLike(result)) {
    done(false);
    return result;
  }
  const watched = Promise.resolve(result).then(
    (value) => {
      done(false);
      return value;
    },
    (thrown: unknown) => {
      done(true, thrown);
      throw thrown;
    },
  );
  // A promise for a promise: the same to all who await it.
  return watched as T;
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function reasonOf(thrown: unknown): string | undefined {
  return thrown instanceof Error ? thrown.message : typeof thrown === 'string' ? thrown : undefined;
}
