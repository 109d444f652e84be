import type { Json } from '../../kernel/json.js';

/** Node's longest timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

interface WaitingJob {
  readonly payload: Json;
  /** On the clock of `performance`. */
  readonly dueMs: number;
  timer: NodeJS.Timeout | undefined;
}

/** The jobs of one type in this process: which wait, which are due and which run. */
export class JobLine {
  private readonly waiting = new Map<string, WaitingJob>();
  /** Those of the waiting that may run, oldest first. */
  private readonly due = new Set<string>();
  private readonly running = new Map<string, Promise<void>>();
  private isOpen = false;

  /** `run` never rejects. */
  constructor(
    private readonly run: (payload: Json, id: string) => Promise<void>,
    private readonly concurrency: number,
  ) {}

  /** Jobs that may run and have not begun. */
  get dueCount(): number {
    return this.due.size;
  }

  /** Jobs that may run later. */
  get delayedCount(): number {
    return this.waiting.size - this.due.size;
  }

  add(id: string, payload: Json, delayMs: number): void {
    const dueMs = performance.now() + delayMs;
    const waiting = this.waiting.get(id);
    if (waiting !== undefined && waiting.dueMs <= dueMs) return;
    clearTimeout(waiting?.timer);
    const job: WaitingJob = { payload, dueMs, timer: undefined };
    this.waiting.set(id, job);
    if (delayMs > 0) this.arm(id, job);
    else this.makeDue(id);
  }

  open(): void {
    this.isOpen = true;
    this.pump();
  }

  /** Begins no more; resolves when what runs has ended. */
  async shut(): Promise<void> {
    this.isOpen = false;
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
    await Promise.all(this.running.values());
  }

  private arm(id: string, job: WaitingJob): void {
    const inMs = job.dueMs - performance.now();
    if (inMs > 0) job.timer = setTimeout(() => this.arm(id, job), Math.min(inMs, MAX_TIMER_MS)).unref();
    else this.makeDue(id);
  }

  private makeDue(id: string): void {
    this.due.add(id);
    this.pump();
  }

  private pump(): void {
    if (!this.isOpen) return;
    for (const id of this.due) {
      if (this.running.size >= this.concurrency) return;
      const job = this.waiting.get(id);
      if (job === undefined || this.running.has(id)) continue;
      this.due.delete(id);
      this.waiting.delete(id);
      this.running.set(id, this.perform(id, job.payload));
    }
  }

  private async perform(id: string, payload: Json): Promise<void> {
    // Whoever enqueues goes on first.
    await Promise.resolve();
    await this.run(payload, id);
    this.running.delete(id);
    this.pump();
  }
}
