import { DurationTally } from '../platform/metrics/duration-tally.js';
import type { Sample } from '../platform/metrics/metrics.js';
import type { ArrivedReport } from './merge-reports.js';

/** Seconds. The aim is one; polling clients take as long as their interval. */
const BOUNDS: readonly number[] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
/** What is reported later is told again, not acknowledged: instances repeat themselves once a minute. */
const FRESH_MS = 30_000;
/** An instance reports at least once a minute, though not always to this replica. */
const REMEMBERED_MS = 300_000;
/** Bounds the memory that a fleet can take: the first so many tell enough. */
const MOST_INSTANCES = 20_000;

interface Revision {
  readonly revision: number;
  readonly at: Date;
}

/**
 * How long revisions take from when this replica heard of them, which is milliseconds after their commit, to when
 * instances serve them, by the time that instances give. Of each environment only the newest revision is followed, and
 * each instance counts once. Those first heard of after a revision begin with it: they say nothing of how it spread.
 */
export class PropagationTally {
  private readonly durations = new DurationTally(BOUNDS);
  private readonly newest = new Map<string, Revision>();
  /** Instances, in two generations of which the older one is forgotten. */
  private recent = new Map<string, KnownInstance>();
  private earlier = new Map<string, KnownInstance>();
  private recentSince = -Infinity;

  /** An environment has come to a revision; of those that are told late, behind a newer one, no notice is taken. */
  changed(environmentId: string, revision: number, at: Date): void {
    if (revision > (this.newest.get(environmentId)?.revision ?? -1)) this.newest.set(environmentId, { revision, at });
  }

  heard({ environmentId, receivedAt, report }: ArrivedReport): void {
    const { id, revision, revisionAppliedAt } = report.instance;
    const instance = this.know(`${environmentId} ${id}`, receivedAt);
    const newest = this.newest.get(environmentId);
    if (revisionAppliedAt === null || newest?.revision !== revision || instance.counted === revision) return;
    if (instance.firstHeardAt > newest.at || receivedAt.getTime() - revisionAppliedAt.getTime() > FRESH_MS) return;
    instance.counted = revision;
    this.durations.observe((revisionAppliedAt.getTime() - newest.at.getTime()) / 1_000);
  }

  samples(): readonly Sample[] {
    return this.durations.samples({});
  }

  private know(key: string, at: Date): KnownInstance {
    if (at.getTime() - this.recentSince > REMEMBERED_MS) {
      this.earlier = this.recent;
      this.recent = new Map();
      this.recentSince = at.getTime();
    }
    const known = this.recent.get(key) ?? this.earlier.get(key) ?? { firstHeardAt: at, counted: undefined };
    if (this.recent.size < MOST_INSTANCES) this.recent.set(key, known);
    return known;
  }
}

interface KnownInstance {
  readonly firstHeardAt: Date;
  /** The last revision that it was counted with. */
  counted: number | undefined;
}
