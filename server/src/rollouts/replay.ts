import { type MetricState, sampleText } from '../analysis/index.js';
import type { PolicyDocument } from '../policies/index.js';
import type { Evidence } from './evidence.js';
import { EvidenceReplay } from './evidence-replay.js';
import { judgeMeasurement } from './judge-query.js';
import { SAMPLE_RATIO } from './judge-share.js';
import type { MetricResult } from './metric-result.js';
import type { Observation, ObservedSeries, QueryObservation } from './observation.js';
import type { RampTarget } from './ramp-target.js';
import { recordGaps } from './record-gaps.js';

/** All that an attempt was judged by, to be judged again by anybody, offline (VERDICTS.md 8). Plain JSON. */
export interface VerdictBundle {
  readonly schema: 'sluice.verdict-bundle/1';
  /** Of the server that judged. */
  readonly codeVersion: string;
  readonly release: {
    readonly id: string;
    readonly name: string;
    readonly project: string;
    readonly environment: string;
    readonly policyKey: string;
    readonly policyVersion: number;
    readonly contentHash: string;
  };
  readonly rollout: {
    readonly id: string;
    readonly attempt: number;
    readonly status: string;
    readonly reason: { readonly code: string; readonly sentence: string };
    readonly policy: PolicyDocument;
    readonly targets: readonly RampTarget[];
    /** How bad events came before the first tick. */
    readonly before: Evidence['before'];
    /** As the attempt itself has its last verdict; null before the first tick. Absent: an older server wrote it. */
    readonly verdict?: MetricState | null;
    /** How many ticks the attempt has kept. Absent: it began before that was counted. */
    readonly keptTicks?: number;
  };
  readonly ticks: readonly { readonly tick: number; readonly at: string; readonly body: Observation }[];
  readonly verdicts: readonly RecordedVerdict[];
}

export interface RecordedVerdict {
  readonly tick: number;
  readonly at: string;
  readonly state: string;
  readonly metrics: readonly MetricResult[];
}

/** What came out of judging again. */
export interface ReplayReport {
  readonly isSame: boolean;
  /** What is not as it was recorded, in sentences. */
  readonly differences: readonly string[];
  readonly ticks: number;
  readonly verdicts: number;
}

/** Floating-point sums may differ in their last digits between machines. */
const TOLERANCE = 1e-9;

/** Judges an attempt again from what was measured, and compares with what was recorded at every verdict. */
export function replayBundle(bundle: VerdictBundle, sha256: (text: string) => string): ReplayReport {
  const { policy, targets } = bundle.rollout;
  const recorded = new Map(bundle.verdicts.map((verdict) => [verdict.tick, verdict]));
  const replay = new EvidenceReplay({ policy, targets }, bundle.rollout.before);
  const differences: string[] = [];
  let before: MetricState | null = null;
  let hasGood = false;
  for (const { tick, at, body } of bundle.ticks) {
    differences.push(...body.queries.flatMap((query) => queryDifferences(tick, query, { policy, sha256 })));
    const judged = replay.add({ tick, at: new Date(at), body });
    const verdict = recorded.get(tick);
    recorded.delete(tick);
    if (verdict !== undefined) differences.push(...verdictDifferences(verdict, judged));
    // A verdict is recorded of every tick that is not judged as the one before it.
    else if (judged.state !== before) differences.push(`Tick ${tick}: judged ${judged.state}, no verdict is recorded.`);
    before = judged.state;
    hasGood ||= isGood(judged.results, body.queries);
  }
  for (const tick of recorded.keys()) differences.push(`Tick ${tick} has a verdict and no measurements.`);
  differences.push(...recordGaps({ ...bundle, hasGood }));
  return {
    isSame: differences.length === 0,
    differences,
    ticks: bundle.ticks.length,
    verdicts: bundle.verdicts.length,
  };
}

/** Whether any metric was good at a tick, or was measured so: a query passes a step with the tick after that. */
function isGood(results: readonly MetricResult[], queries: readonly QueryObservation[]): boolean {
  return (
    results.some(({ metric, state }) => metric !== SAMPLE_RATIO && state === 'pass') ||
    queries.some(({ state }) => state === 'pass')
  );
}

function verdictDifferences(
  { tick, state, metrics }: RecordedVerdict,
  judged: { readonly state: string; readonly results: readonly MetricResult[] },
): readonly string[] {
  const differences = state === judged.state ? [] : [`Tick ${tick}: judged ${judged.state}, recorded ${state}.`];
  for (const was of metrics) {
    const is = judged.results.find(({ metric, subject }) => metric === was.metric && subject === was.subject);
    const name = `Tick ${tick}, ${was.metric} of ${was.subject}`;
    if (is === undefined) differences.push(`${name}: not judged again.`);
    else if (is.state !== was.state) differences.push(`${name}: judged ${is.state}, recorded ${was.state}.`);
    else if (!isClose(is.evidence, was.evidence)) {
      differences.push(`${name}: evidence ${is.evidence}, recorded ${was.evidence}.`);
    }
  }
  for (const is of judged.results) {
    if (metrics.some(({ metric, subject }) => metric === is.metric && subject === is.subject)) continue;
    differences.push(`Tick ${tick}, ${is.metric} of ${is.subject}: judged ${is.state}, not recorded.`);
  }
  return differences;
}

function queryDifferences(
  tick: number,
  query: QueryObservation,
  { policy, sha256 }: { readonly policy: PolicyDocument; readonly sha256: (text: string) => string },
): readonly string[] {
  const name = `Tick ${tick}, ${query.metric} of ${query.subject}`;
  const differences = [query.candidate, query.stable].flatMap((series) =>
    series === undefined || sha256(textOf(series)) === series.hash ? [] : [`${name}: its points were changed.`],
  );
  const metric = policy.metrics.find((each) => each.name === query.metric);
  if (metric?.kind !== 'query') return [...differences, `${name}: the policy has no such query.`];
  // What was not answered with a series cannot be judged again; why is in its sentence.
  if (query.candidate === undefined) return differences;
  const { state } = judgeMeasurement(metric, {
    candidate: answerOf(query.candidate, query.query),
    ...(query.stable === undefined ? {} : { stable: answerOf(query.stable, query.stableQuery ?? '') }),
  });
  // A series that was not trusted to be the candidate's was left out, whatever it said.
  if (state === query.state || query.state === 'error' || query.state === 'pending') return differences;
  return [...differences, `${name}: measured ${state}, recorded ${query.state}.`];
}

function textOf({ labels, points }: ObservedSeries): string {
  return sampleText({ labels, points: points.map(([at, value]) => ({ at: new Date(at), value })) });
}

function answerOf(
  { labels, points, hash }: ObservedSeries,
  query: string,
): Parameters<typeof judgeMeasurement>[1]['candidate'] {
  return {
    kind: 'series',
    labels,
    points: points.map(([at, value]) => ({ at: new Date(at), value })),
    query,
    sampleHash: hash,
    warnings: [],
  };
}

function isClose(a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b));
}
