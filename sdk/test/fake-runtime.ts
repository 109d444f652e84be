import type { Runtime } from '../src/runtime.js';

interface Timer {
  readonly dueMs: number;
  readonly task: () => void;
  readonly holdsProcess: boolean;
}

const EPOCH_MS = Date.parse('2026-01-01T00:00:00Z');

/** A world whose time moves only when told to, and whose randomness is a seeded sequence. */
export class FakeRuntime implements Runtime {
  readonly #timers = new Set<Timer>();
  #elapsedMs = 0;
  #seed: number;

  constructor(
    readonly fetch: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init),
    seed = 1,
  ) {
    this.#seed = seed;
  }

  get timers(): number {
    return this.#timers.size;
  }

  now = (): number => EPOCH_MS + this.#elapsedMs;

  elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** Mulberry32. */
  random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  schedule(delayMs: number, task: () => void, options?: { readonly holdsProcess?: boolean }): () => void {
    const timer = { dueMs: this.#elapsedMs + delayMs, task, holdsProcess: options?.holdsProcess ?? false };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves time on, running what falls due in its order, and letting promises and sockets have their turn after each. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#elapsedMs + ms;
    await turn();
    for (let timer = this.#nextDue(untilMs); timer; timer = this.#nextDue(untilMs)) {
      this.#elapsedMs = Math.max(this.#elapsedMs, timer.dueMs);
      this.#timers.delete(timer);
      timer.task();
      await turn();
    }
    this.#elapsedMs = untilMs;
  }

  /** Moves time on in small steps until something has come true; real sockets get their turns in between. */
  async reach(isTrue: () => boolean, stepMs = 100): Promise<void> {
    while (!isTrue()) await this.advance(stepMs);
  }

  #nextDue(untilMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs <= untilMs && (next === undefined || timer.dueMs < next.dueMs)) next = timer;
    }
    return next;
  }
}

/** Lets what is ready to run do so. */
export async function turn(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits, in real time, for what real sockets have yet to bring; Jest's timeout bounds it. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}
