import { murmur3 } from '../evaluation/index.js';
import { MEASUREMENT_LIMIT, type Arm, type Measurement, type SketchJson } from './batch.js';
import { EVERYTHING, type Exposure } from './exposures.js';
import { FailingCallers } from './failing-callers.js';
import { MetCallers } from './met-callers.js';
import { isReportableName } from './reportable-name.js';
import { MetricSums, type Tally } from './tally.js';

/** Names that the SDK itself reports under. */
const RESERVED: ReadonlySet<string> = new Set(['unit', 'exposed', 'mixed', 'dropped']);
/** Distinct names of metrics in the life of a client. */
export const METRIC_LIMIT = 100;
/** Sums kept at a time: arms times metrics. */
const SERIES_LIMIT = 2_000;
/** Buckets of all sketches of one batch: about half a megabyte of JSON. */
const BUCKET_LIMIT = 50_000;
/** As much as a batch may say: more than anybody measures. */
const MAX_VALUE = 1e15;
const MAX_COUNT = 1e9;

/** What a unit leaves behind at its end. */
export interface EndedUnit {
  readonly targetingKey: string | undefined;
  readonly isBad: boolean;
  /** Arms it was exposed to, one per ramp. */
  readonly exposures: readonly Exposure[];
  /** One exposure of each ramp of which it saw both arms. */
  readonly mixed: readonly Exposure[];
  readonly tallies: ReadonlyMap<string, Tally>;
}

interface ArmSums {
  readonly exposure: Exposure;
  readonly metrics: Map<string, MetricSums>;
}

/** Sums of what units measured since they were last taken, per arm and metric. Its size is bounded, however long that is. */
export class Measurements {
  readonly #names = new Set<string>();
  #arms = new Map<string, ArmSums>();
  #callers = new Map<
    string,
    { readonly exposure: Exposure; readonly metric: string; readonly failing: FailingCallers }
  >();
  #series = 0;
  #met = new Map<string, MetCallers>();
  #live: ReadonlyMap<string, number> = new Map();
  #refused = 0;

  constructor(
    private readonly metricLimit = METRIC_LIMIT,
    private readonly seriesLimit = SERIES_LIMIT,
  ) {}

  /** How often something was measured since this was last taken that cannot be reported. */
  takeRefused(): number {
    const refused = this.#refused;
    this.#refused = 0;
    return refused;
  }

  /** Whether something may be measured under this name; it is counted as refused when not. */
  accepts(name: string): boolean {
    if (this.#names.has(name)) return true;
    if (this.#names.size < this.metricLimit && isReportableName(name) && !RESERVED.has(name)) {
      this.#names.add(name);
      return true;
    }
    this.#refused += 1;
    return false;
  }

  /** Whether a value can be summed; it is counted as refused when not. */
  acceptsValue(value: number): boolean {
    if (Number.isFinite(value) && Math.abs(value) <= MAX_VALUE) return true;
    this.#refused += 1;
    return false;
  }

  /** Whether something can have happened so often; it is counted as refused when not. */
  acceptsCount(n: number): boolean {
    if (Number.isInteger(n) && n >= 1 && n <= MAX_COUNT) return true;
    this.#refused += 1;
    return false;
  }

  /** The ramps that are measured now, with their shares: whom others had need not be remembered. */
  keepRamps(live: ReadonlyMap<string, number>): void {
    this.#live = live;
    for (const [ramp, { share }] of this.#met) if (live.get(ramp) !== share) this.#met.delete(ramp);
  }

  /** Credits a unit, and all it measured, to everything it was exposed to. */
  credit(unit: EndedUnit): void {
    const sketches = new Map<Tally, SketchJson | undefined>();
    for (const tally of unit.tallies.values()) sketches.set(tally, tally.sketch?.take());
    for (const exposure of [EVERYTHING, ...unit.exposures]) {
      const sums = this.#sumsOf(exposure, 'unit');
      if (sums !== undefined) sums.n += 1;
      if (this.#isFirstMeeting(exposure, unit.targetingKey)) this.#countIn(exposure, 'exposed', 1);
      if (sums !== undefined && unit.isBad) this.#addBad(sums, exposure, 'unit', unit.targetingKey, 1);
      for (const [name, tally] of unit.tallies) {
        if (tally.only !== undefined && tally.only !== exposure.subject) continue;
        const ofMetric = this.#sumsOf(exposure, name);
        if (ofMetric === undefined) continue;
        ofMetric.add(tally);
        // Of ordinary traffic nobody asks how values are spread.
        if (exposure.rollout !== null) ofMetric.addValues(tally.values, sketches.get(tally));
        if (tally.bad > 0) this.#addBad(ofMetric, exposure, name, unit.targetingKey, tally.bad);
      }
    }
    for (const exposure of unit.mixed) this.#countIn({ ...exposure, arm: 'stable' }, 'mixed', 1);
  }

  /** Counts units that were dropped because they never ended. */
  countDropped(count: number): void {
    if (count > 0) this.#countIn(EVERYTHING, 'dropped', count);
  }

  /** Hands over the sums, as many as a batch may hold; the rest waits for the next. */
  take(): readonly Measurement[] {
    this.#readyCallers();
    const taken: Measurement[] = [];
    let buckets = 0;
    for (const [armKey, { exposure, metrics }] of this.#arms) {
      for (const [metric, sums] of metrics) {
        if (taken.length >= MEASUREMENT_LIMIT || buckets >= BUCKET_LIMIT) return taken;
        metrics.delete(metric);
        this.#series -= 1;
        if (sums.isEmpty) continue;
        const measurement = measurementOf(exposure, metric, sums);
        buckets += (measurement.sketch?.buckets.length ?? 0) + (measurement.sketch?.negative?.length ?? 0);
        taken.push(measurement);
      }
      this.#arms.delete(armKey);
    }
    return taken;
  }

  /** Without a key nobody can tell callers apart, so that each failure stands for one. */
  #addBad(sums: MetricSums, exposure: Exposure, metric: string, key: string | undefined, count: number): void {
    sums.bad += count;
    const { rollout, subject, arm, ramp } = exposure;
    if (rollout === null) return;
    if (key === undefined) {
      sums.anonymousBad += count;
      return;
    }
    const place = `${ramp}\0${metric}`;
    const known = this.#callers.get(place) ?? { exposure, metric, failing: new FailingCallers() };
    this.#callers.set(place, known);
    known.failing.add(arm, murmur3(rollout + subject + key, 0));
  }

  /** Puts callers that failed beside their sums, unless earlier ones are still there. */
  #readyCallers(): void {
    for (const [place, { exposure, metric, failing }] of this.#callers) {
      if (failing.isEmpty) {
        if (!this.#live.has(exposure.ramp)) this.#callers.delete(place);
        continue;
      }
      const sumsOf = (arm: Arm) => this.#sumsOf({ ...exposure, arm }, metric);
      const [stable, candidate] = [sumsOf('stable'), sumsOf('candidate')];
      if (!stable || !candidate || stable.callers.length > 0 || candidate.callers.length > 0) continue;
      const taken = failing.take();
      stable.callers = taken.stable;
      candidate.callers = taken.candidate;
    }
  }

  /** Whether a ramp, at its present share, has met a caller for the first time. */
  #isFirstMeeting({ rollout, ramp }: Exposure, key: string | undefined): boolean {
    const share = this.#live.get(ramp);
    if (rollout === null || key === undefined || share === undefined) return false;
    const met = this.#met.get(ramp) ?? new MetCallers(share);
    this.#met.set(ramp, met);
    return met.isNew(murmur3(key, 0));
  }

  #countIn(exposure: Exposure, metric: string, count: number): void {
    const sums = this.#sumsOf(exposure, metric);
    if (sums !== undefined) sums.n += count;
  }

  /** Undefined, and counted as refused, when there are too many sums already. */
  #sumsOf(exposure: Exposure, metric: string): MetricSums | undefined {
    const armKey = `${exposure.ramp}\0${exposure.arm}`;
    let arm = this.#arms.get(armKey);
    const known = arm?.metrics.get(metric);
    if (known !== undefined) return known;
    if (this.#series >= this.seriesLimit) {
      this.#refused += 1;
      return undefined;
    }
    if (arm === undefined) {
      arm = { exposure, metrics: new Map() };
      this.#arms.set(armKey, arm);
    }
    const sums = new MetricSums();
    arm.metrics.set(metric, sums);
    this.#series += 1;
    return sums;
  }
}

function measurementOf({ rollout, subject, arm }: Exposure, metric: string, sums: MetricSums): Measurement {
  const { n, bad, anonymousBad, sum, sumSquares, callers } = sums;
  const sketch = sums.takeSketch();
  return {
    ...{ rollout, subject, arm, metric, n, bad },
    ...(callers.length > 0 && { callers }),
    ...{ anonymousBad, sum, sumSquares },
    ...(sketch !== undefined && { sketch }),
  };
}
