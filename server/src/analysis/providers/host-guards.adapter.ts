import {
  BrokenCircuitError,
  type BulkheadPolicy,
  BulkheadRejectedError,
  bulkhead,
  circuitBreaker,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
  type RetryPolicy,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
} from 'cockatiel';
import type { Clock } from '../../kernel/clock.js';
import { CallFailure } from './call-failure.js';
import { shownTime } from './shown-text.js';

export interface GuardSettings {
  /** For one try; a measurement has `1 + retries` of them at most. */
  readonly timeoutMs: number;
  readonly retries: number;
  /** Before the first retry, about; doubles for each after it. */
  readonly retryDelayMs: number;
  /** Tries in a row that end in an outage before the host is left alone. */
  readonly failuresToOpen: number;
  /** How long it is left alone before one try may see whether it is back. */
  readonly openForMs: number;
  readonly concurrent: number;
  readonly waiting: number;
}

export const GUARD_DEFAULTS: GuardSettings = {
  timeoutMs: 10_000,
  retries: 2,
  retryDelayMs: 200,
  failuresToOpen: 5,
  openForMs: 30_000,
  concurrent: 8,
  waiting: 64,
};

export interface GuardedWork<T> {
  /** Scheme, name and port: what is in trouble together. */
  readonly host: string;
  /**
   * repeatable: may be tried again. once: may not, but counts. probe: its failure is the measurement, so it is tried
   * once, whatever became of others, and counts for nobody.
   */
  readonly manner: 'repeatable' | 'once' | 'probe';
  readonly timeoutMs?: number;
  readonly run: (signal: AbortSignal) => Promise<T>;
}

interface Guard {
  readonly bulkhead: BulkheadPolicy;
  readonly breaker: CircuitBreakerPolicy;
  openUntil: Date;
  lastFailure: string;
}

/** More hosts than anyone measures; the one longest known is forgotten for the next. */
const MAX_HOSTS = 500;
const outages = handleWhen((error) => error instanceof CallFailure && error.effect === 'outage');

/** Keeps a host in trouble from taking ours down, and us from making its trouble worse. */
export class HostGuards {
  private readonly guards = new Map<string, Guard>();
  private readonly retries: RetryPolicy;

  constructor(
    private readonly clock: Clock,
    private readonly settings: GuardSettings = GUARD_DEFAULTS,
  ) {
    const backoff = new ExponentialBackoff({ initialDelay: settings.retryDelayMs, maxDelay: 5_000 });
    this.retries = retry(outages, { maxAttempts: settings.retries, backoff });
  }

  get timeoutMs(): number {
    return this.settings.timeoutMs;
  }

  /** Runs work behind the guards of its host. Rejects with CallFailure; anything else is a bug in the work. */
  async run<T>(work: GuardedWork<T>, signal: AbortSignal): Promise<T> {
    const guard = this.guardOf(work.host);
    const once = (): Promise<T> => this.tryOnce(guard, work, signal);
    if (work.manner === 'probe') return once();
    const counted = (): Promise<T> => this.throughBreaker(guard, once, signal);
    return work.manner === 'once' ? counted() : this.retries.execute(counted, signal);
  }

  private async throughBreaker<T>(guard: Guard, once: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await guard.breaker.execute(once, signal);
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw leftAlone(guard);
      if (error instanceof TaskCancelledError) throw aborted();
      throw error;
    }
  }

  private async tryOnce<T>(guard: Guard, work: GuardedWork<T>, signal: AbortSignal): Promise<T> {
    const timeoutMs = work.timeoutMs ?? this.settings.timeoutMs;
    const limit = timeout(timeoutMs, TimeoutStrategy.Aggressive);
    try {
      return await guard.bulkhead.execute(() => limit.execute((context) => work.run(context.signal), signal), signal);
    } catch (error) {
      const failure = failureOf(error, timeoutMs, signal);
      if (failure instanceof CallFailure) guard.lastFailure = failure.message;
      throw failure;
    }
  }

  private guardOf(host: string): Guard {
    const known = this.guards.get(host);
    if (known !== undefined) return known;
    const oldest = this.guards.keys().next();
    if (this.guards.size >= MAX_HOSTS && oldest.done !== true) this.guards.delete(oldest.value);
    const { failuresToOpen, openForMs, concurrent, waiting } = this.settings;
    const guard: Guard = {
      bulkhead: bulkhead(concurrent, waiting),
      breaker: circuitBreaker(outages, { breaker: new ConsecutiveBreaker(failuresToOpen), halfOpenAfter: openForMs }),
      openUntil: new Date(0),
      lastFailure: '',
    };
    guard.breaker.onBreak(() => {
      guard.openUntil = new Date(this.clock.now().getTime() + openForMs);
    });
    this.guards.set(host, guard);
    return guard;
  }
}

function failureOf(error: unknown, timeoutMs: number, signal: AbortSignal): unknown {
  if (signal.aborted) return aborted();
  if (error instanceof TaskCancelledError) {
    return new CallFailure('PROVIDER_TIMEOUT', `It did not answer within ${timeoutMs} ms.`, 'outage');
  }
  if (error instanceof BulkheadRejectedError) {
    return new CallFailure('PROVIDER_BUSY', 'Too many measurements wait for it already; ask less often.');
  }
  return error;
}

function leftAlone({ openUntil, lastFailure }: Guard): CallFailure {
  const reason = `It failed again and again and is left alone until ${shownTime(openUntil)}. The last: ${lastFailure}`;
  return new CallFailure('PROVIDER_CIRCUIT_OPEN', reason);
}

function aborted(): CallFailure {
  return new CallFailure('MEASUREMENT_ABORTED', 'The measurement was called off.');
}
