import type { Runtime } from '../runtime.js';

/** Work that is given up when it takes too long. */
export interface Watched {
  /** Milliseconds until it is due, from when it was added or postponed. */
  readonly deadlineMs: number;
  /** When it is due, monotonic milliseconds; undefined before the first look at it. Set by the watch. */
  dueMs: number | undefined;
  /** Its neighbours among what is watched; undefined where there is none. Set by the watch. */
  older: Watched | undefined;
  younger: Watched | undefined;
  /** It is due. It stays watched, and is due again as long after, until it is deleted. */
  giveUp(): void;
}

const TICK_MS = 25;

/**
 * Looks after work under way, all of it by one timer, and only while there is any: nothing is given up early, and nothing
 * more than two ticks late. Adding reads no clock, and makes no object: what is watched is a list by its own links.
 */
export class DeadlineWatch {
  /** Made anew with every tick: to hang what is young on what is old costs the engine a note for its next collection. */
  #list: { youngest: Watched | undefined } = { youngest: undefined };
  #cancel: (() => void) | undefined;

  constructor(private readonly runtime: Pick<Runtime, 'elapsedMs' | 'schedule'>) {}

  /** What is watched already must not be added. */
  add(work: Watched): void {
    const before = this.#list.youngest;
    work.older = before;
    if (before !== undefined) before.younger = work;
    this.#list.youngest = work;
    if (this.#cancel === undefined) this.#arm();
  }

  /** What is not watched may be deleted as well. */
  delete(work: Watched): void {
    const { older, younger } = work;
    if (younger !== undefined) younger.older = older;
    else if (this.#list.youngest === work) this.#list.youngest = older;
    else return;
    if (older !== undefined) older.younger = younger;
    work.older = work.younger = undefined;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    while (this.#list.youngest !== undefined) this.delete(this.#list.youngest);
  }

  #arm(): void {
    this.#cancel = this.runtime.schedule(TICK_MS, () => this.#tick());
  }

  #tick(): void {
    this.#cancel = undefined;
    this.#list = { youngest: this.#list.youngest };
    const nowMs = this.#now();
    for (const work of this.#due(nowMs)) {
      work.dueMs = undefined;
      work.giveUp();
    }
    if (this.#list.youngest !== undefined && this.#cancel === undefined) this.#arm();
  }

  /** The oldest first; apart from the list, which giving up may change. */
  #due(nowMs: number): readonly Watched[] {
    const due: Watched[] = [];
    for (let work = this.#list.youngest; work !== undefined; work = work.older) {
      if (work.dueMs === undefined) work.dueMs = nowMs + work.deadlineMs;
      else if (nowMs >= work.dueMs) due.push(work);
    }
    return due.reverse();
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
