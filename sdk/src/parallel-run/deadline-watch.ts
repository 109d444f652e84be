import type { Runtime } from '../runtime.js';

/** Work that is given up when it takes too long. */
export interface Watched {
  /** Milliseconds until it is due, from when it was added or postponed. */
  readonly deadlineMs: number;
  /** When it is due, monotonic milliseconds; undefined before the first look at it. Set by the watch. */
  dueMs: number | undefined;
  /** It is due. It stays watched, and is due again as long after, until it is deleted. */
  giveUp(): void;
}

const TICK_MS = 25;

/**
 * Looks after work under way, all of it by one timer, and only while there is any: nothing is given up early, and nothing
 * more than two ticks late. Adding reads no clock.
 */
export class DeadlineWatch {
  readonly #watched = new Set<Watched>();
  #cancel: (() => void) | undefined;

  constructor(private readonly runtime: Pick<Runtime, 'elapsedMs' | 'schedule'>) {}

  add(work: Watched): void {
    this.#watched.add(work);
    if (this.#cancel === undefined) this.#arm();
  }

  delete(work: Watched): void {
    this.#watched.delete(work);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#watched.clear();
  }

  #arm(): void {
    this.#cancel = this.runtime.schedule(TICK_MS, () => this.#tick());
  }

  #tick(): void {
    this.#cancel = undefined;
    const nowMs = this.#now();
    for (const work of this.#watched) {
      if (work.dueMs === undefined) work.dueMs = nowMs + work.deadlineMs;
      else if (nowMs >= work.dueMs) {
        work.dueMs = undefined;
        work.giveUp();
      }
    }
    if (this.#watched.size > 0) this.#arm();
  }

  /** Without a clock everything is due: better given up than waited for until the process ends. */
  #now(): number {
    try {
      return this.runtime.elapsedMs();
    } catch {
      return Number.POSITIVE_INFINITY;
    }
  }
}
