import { DurationTally } from '../platform/metrics/duration-tally.js';
import type { Sample } from '../platform/metrics/metrics.js';
import type { ArrivedReport } from './merge-reports.js';

/** Seconds. The aim is one; polling clients take as long as their interval. */
const BOUNDS: readonly number[] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
/** What is reported later is told again, not acknowledged: instances repeat themselves once a minute. */
const FRESH_MS = 30_000;
/** Bounds the memory that a fleet can take: the first so many tell enough. */
const MOST_INSTANCES = 10_000;

interface Revision {
  readonly revision: number;
  readonly at: Date;
  readonly heard: Set<string>;
}

/**
 * How long revisions take from when this replica heard of them, which is milliseconds after their commit, to when
 * instances serve them, by the time that instances give. Of each environment only the newest revision is followed, and
 * each instance counts once.
 */
export class PropagationTally {
  private readonly durations = new DurationTally(BOUNDS);
  private readonly newest = new Map<string, Revision>();

  /** An environment has come to a revision. */
  changed(environmentId: string, revision: number, at: Date): void {
    const known = this.newest.get(environmentId);
    if (known?.revision !== revision) this.newest.set(environmentId, { revision, at, heard: new Set() });
  }

  heard({ environmentId, receivedAt, report }: ArrivedReport): void {
    const { id, revision, revisionAppliedAt } = report.instance;
    const newest = this.newest.get(environmentId);
    if (revisionAppliedAt === null || newest?.revision !== revision || newest.heard.has(id)) return;
    if (newest.heard.size >= MOST_INSTANCES || receivedAt.getTime() - revisionAppliedAt.getTime() > FRESH_MS) return;
    newest.heard.add(id);
    this.durations.observe((revisionAppliedAt.getTime() - newest.at.getTime()) / 1_000);
  }

  samples(): readonly Sample[] {
    return this.durations.samples({});
  }
}
