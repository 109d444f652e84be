import canonicalize from 'canonicalize';
import type { Clock } from '../../kernel/clock.js';
import { CallFailure } from './call-failure.js';
import type { BoundQuery, SyntheticQuery } from './metric-query.js';
import { addProbe, type Probe, type ProbeRing } from './probe-ring.js';

export type SyntheticCheck = BoundQuery<SyntheticQuery>;

/** Takes one probe. Rejects where none could be taken, which says nothing about the address. */
export type TakeProbe = (check: SyntheticCheck, signal: AbortSignal) => Promise<Probe>;

/** Calls again and again until the returned function is called. */
export type Every = (intervalMs: number, work: () => void) => () => void;

interface WatchedCheck {
  ring: ProbeRing;
  /** Why the latest probe could not be taken; undefined: it was. */
  trouble: Error | undefined;
  lastAsked: Date;
  running: Promise<void> | undefined;
  stop: () => void;
}

const MAX_CHECKS = 200;
/** A check that nobody asks about for so long, and for three intervals, is no longer made. */
const IDLE_MS = 15 * 60_000;

const everyInterval: Every = (intervalMs, work) => {
  const timer = setInterval(work, intervalMs).unref();
  return () => clearInterval(timer);
};

/**
 * Makes each check that somebody asks about at its own interval, and remembers its latest probes. They live in this
 * process: another replica takes its own, and a restart begins anew.
 */
export class SyntheticProber {
  private readonly checks = new Map<string, WatchedCheck>();
  private readonly closing = new AbortController();

  constructor(
    private readonly clock: Clock,
    private readonly take: TakeProbe,
    private readonly every: Every = everyInterval,
  ) {}

  /**
   * The probes of a check so far, its first awaited; asking begins it. Rejects with what kept the latest probe from
   * being taken.
   */
  async probesOf(check: SyntheticCheck): Promise<ProbeRing> {
    const watched = this.watch(check);
    watched.lastAsked = this.clock.now();
    if (watched.ring.length === 0) await watched.running;
    if (watched.trouble !== undefined) throw watched.trouble;
    return watched.ring;
  }

  /** Stops all checks, and those under way. */
  close(): void {
    this.closing.abort();
    for (const { stop } of this.checks.values()) stop();
    this.checks.clear();
  }

  private watch(check: SyntheticCheck): WatchedCheck {
    if (this.closing.signal.aborted) throw new CallFailure('MEASUREMENT_ABORTED', 'The server is shutting down.');
    const key = keyOf(check);
    const known = this.checks.get(key);
    if (known !== undefined) return known;
    if (this.checks.size >= MAX_CHECKS) {
      throw new CallFailure('PROVIDER_BUSY', `More than ${MAX_CHECKS} synthetic checks are being made already.`);
    }
    const watched: WatchedCheck = {
      ring: [],
      trouble: undefined,
      lastAsked: this.clock.now(),
      running: undefined,
      stop: () => undefined,
    };
    this.checks.set(key, watched);
    watched.stop = this.every(check.intervalMs, () => this.tick(key, check, watched));
    this.tick(key, check, watched);
    return watched;
  }

  private tick(key: string, check: SyntheticCheck, watched: WatchedCheck): void {
    const idleMs = this.clock.now().getTime() - watched.lastAsked.getTime();
    if (idleMs > Math.max(IDLE_MS, 3 * check.intervalMs)) {
      watched.stop();
      this.checks.delete(key);
      return;
    }
    watched.running ??= this.probe(check, watched).finally(() => {
      watched.running = undefined;
    });
  }

  private async probe(check: SyntheticCheck, watched: WatchedCheck): Promise<void> {
    try {
      watched.ring = addProbe(watched.ring, await this.take(check, this.closing.signal));
      watched.trouble = undefined;
    } catch (error) {
      watched.trouble = error instanceof Error ? error : new Error(String(error));
    }
  }
}

/** Checks that differ only in which number they want share their probes. */
function keyOf({ value: _value, ...check }: SyntheticQuery): string {
  // Plain JSON has a canonical form.
  return canonicalize(check) as string;
}
