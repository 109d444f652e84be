import type { MetricState } from '../analysis/index.js';
import { type Evidence, NO_EVIDENCE } from './evidence.js';
import { judge, type Judged } from './judge.js';
import type { MetricResult } from './metric-result.js';
import type { Observation } from './observation.js';
import { RecordedMeasures } from './recorded-measures.js';
import type { Ramp, Rollout } from './rollout.js';

/** What one tick measured, and when. */
export interface RecordedTick {
  readonly tick: number;
  readonly at: Date;
  readonly body: Observation;
}

/** How far the evidence of one metric had come at a tick. */
export interface EvidencePoint {
  readonly tick: number;
  readonly at: Date;
  /** Asked for then, in thousandths of a percent. */
  readonly share: number;
  readonly state: MetricState;
  /** Null where nothing is reckoned as evidence: of means and queries. */
  readonly evidence: number | null;
  /** Where the evidence rolls back; null as above. */
  readonly limit: number | null;
}

/** The evidence of one metric of one subject over time, oldest first. */
export interface EvidenceSeries {
  readonly metric: string;
  readonly subject: string;
  readonly points: readonly EvidencePoint[];
}

/** Points that are kept of an attempt, however long it lasts. */
export const MAX_EVIDENCE_POINTS = 500;

/** Judges an attempt again, tick by tick, from what was measured: as the engine judged it then (VERDICTS.md 8). */
export class EvidenceReplay {
  private readonly measured = new RecordedMeasures();
  private evidence: Evidence;
  private kept: Kept[] = [];
  private newest: Kept | undefined;
  private ticks = 0;
  /** Of so many ticks one is kept. */
  private stride = 1;

  constructor(
    private readonly about: Pick<Rollout, 'policy' | 'targets'>,
    before: Evidence['before'],
  ) {
    this.evidence = { ...NO_EVIDENCE, before };
  }

  /** The last tick that was judged; 0 before the first. */
  get lastTick(): number {
    return this.newest?.moment.tick ?? 0;
  }

  /** Judges the next tick; ticks come in order, and each once. */
  add({ tick, at, body }: RecordedTick): Judged {
    this.measured.add(body);
    // What judging looks at of a ramp was recorded with what it measured.
    const ramp = body.ramp as Ramp;
    const { policy, targets } = this.about;
    const rollout = { policy, targets, ramp, evidence: this.evidence };
    const judged = judge({ rollout, measured: this.measured, queries: body.queries, now: at });
    this.evidence = judged.evidence;
    this.keep({ moment: { tick, at, share: body.ramp.share }, results: judged.results });
    return judged;
  }

  /** What was judged so far, metric by metric, thinned evenly to at most so many points; the newest is always there. */
  series(most = MAX_EVIDENCE_POINTS): readonly EvidenceSeries[] {
    const series = new Map<string, { metric: string; subject: string; points: EvidencePoint[] }>();
    for (const { moment, results } of thinned(this.all(), most)) {
      for (const { metric, subject, state, evidence = null, limit = null } of results) {
        const key = `${subject} ${metric}`;
        const found = series.get(key) ?? { metric, subject, points: [] };
        found.points.push({ ...moment, state, evidence, limit });
        series.set(key, found);
      }
    }
    return [...series.values()];
  }

  private keep(point: Kept): void {
    if (this.ticks % this.stride === 0) this.kept.push(point);
    this.ticks += 1;
    this.newest = point;
    if (this.kept.length < MAX_EVIDENCE_POINTS) return;
    this.kept = this.kept.filter((_point, index) => index % 2 === 0);
    this.stride *= 2;
  }

  private all(): readonly Kept[] {
    const { newest, kept } = this;
    return newest === undefined || kept.at(-1) === newest ? kept : [...kept, newest];
  }
}

interface Kept {
  readonly moment: Pick<EvidencePoint, 'tick' | 'at' | 'share'>;
  readonly results: readonly MetricResult[];
}

/** Of a list at most so many, spread evenly; the first and the last are among them. */
function thinned<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  const last = all.length - 1;
  const wanted = Array.from({ length: most }, (_none, index) => Math.round((index * last) / Math.max(1, most - 1)));
  return wanted.flatMap((index) => all[index] ?? []);
}
