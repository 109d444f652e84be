import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Transactions } from '../kernel/transactions.js';
import { RunSumsRepository } from './run-sums.repository.js';
import type { TouchedRun } from './touched-run.js';

/** Reports carry the time of their arrival, and are stored a moment after it, by a replica whose clock may be behind. */
const OVERLAP_MS = 30_000;

/** Tells which runs were added to since the last look of this server; at its first, all that were ever. */
@Injectable()
export class RunWatch {
  private since = new Date(0);
  /** As what they were reviewed, of the runs that were touched of late. */
  private reviewed = new Map<string, string>();
  private waiting = new Map<string, TouchedRun>();

  constructor(
    private readonly transactions: Transactions,
    private readonly sums: RunSumsRepository,
    private readonly clock: Clock,
  ) {}

  /** Runs to review. One comes again until this server has reviewed it. */
  async look(): Promise<readonly TouchedRun[]> {
    const now = this.clock.now();
    const touched = await this.transactions.read((tx) => this.sums.listTouched(tx, this.since));
    const known = this.reviewed;
    const due = touched.filter((run) => known.get(keyOf(run)) !== run.state);
    this.reviewed = new Map(touched.flatMap((run) => toEntry(run, known.get(keyOf(run)))));
    for (const run of due) this.waiting.set(keyOf(run), run);
    this.since = new Date(Math.max(0, now.getTime() - OVERLAP_MS));
    return [...this.waiting.values()];
  }

  /** Says that a run was reviewed as it was when it was handed out, or later. */
  settle(run: TouchedRun): void {
    const key = keyOf(run);
    this.reviewed.set(key, run.state);
    if (this.waiting.get(key)?.state === run.state) this.waiting.delete(key);
  }
}

function keyOf({ runId, environmentId }: TouchedRun): string {
  return `${runId} ${environmentId}`;
}

function toEntry(run: TouchedRun, state: string | undefined): readonly (readonly [string, string])[] {
  return state === undefined ? [] : [[keyOf(run), state]];
}
