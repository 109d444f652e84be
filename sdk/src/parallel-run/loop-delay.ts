import type { Runtime } from '../runtime.js';

const PROBE_MS = 100;
/** What is told is at most twice as old. */
const WINDOW_MS = 1_000;

/** How late the process's event loop is, by how late timers come. It measures only while somebody uses it. */
export class LoopDelay {
  #cancel: (() => void) | undefined;
  #worstMs = 0;
  #earlierMs = 0;
  #turnedAtMs = 0;

  constructor(private readonly runtime: Pick<Runtime, 'elapsedMs' | 'schedule'>) {}

  /** The longest delay of the last second or two, milliseconds. */
  get recentMs(): number {
    return Math.max(this.#worstMs, this.#earlierMs);
  }

  start(): void {
    if (this.#cancel === undefined) this.#arm();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#worstMs = this.#earlierMs = 0;
  }

  #arm(): void {
    const nowMs = this.#now();
    this.#cancel = this.runtime.schedule(PROBE_MS, () => this.#probe(nowMs + PROBE_MS));
  }

  #probe(dueMs: number): void {
    const nowMs = this.#now();
    if (nowMs - this.#turnedAtMs >= WINDOW_MS) {
      this.#turnedAtMs = nowMs;
      this.#earlierMs = this.#worstMs;
      this.#worstMs = 0;
    }
    if (nowMs - dueMs > this.#worstMs) this.#worstMs = nowMs - dueMs;
    this.#arm();
  }

  /** Without a clock nothing is late. */
  #now(): number {
    try {
      return this.runtime.elapsedMs();
    } catch {
      return Number.NaN;
    }
  }
}
