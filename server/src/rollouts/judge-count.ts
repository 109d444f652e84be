import {
  addTick,
  dispersionOf,
  evidenceLimit,
  judgeCounts,
  logEvidence,
  startHarmEvidence,
  startSafetyEvidence,
  tickOf,
} from '../analysis/index.js';
import type { CountMetric } from '../policies/index.js';
import type { ArmCounts, CountState, MinuteCount } from './evidence.js';
import type { MetricResult } from './metric-result.js';
import type { CountObservation } from './observation.js';

const MINUTE_MS = 60_000;
/** How far back bursts are looked for. */
export const REMEMBERED_MINUTES = 60;

interface Quantiles {
  readonly p50?: number;
  readonly p99?: number;
}

/** One metric of one subject at one tick. */
export interface CountTask {
  readonly metric: CountMetric;
  readonly subject: string;
  readonly before: CountState | undefined;
  /** Totals since the attempt began. */
  readonly totals: ArmCounts;
  /** This metric's part of the policy's alpha. */
  readonly alpha: number;
  readonly isComparable: boolean;
  /** For people to look at, of durations. */
  readonly quantiles: { readonly stable: Quantiles; readonly candidate: Quantiles };
  readonly now: Date;
}

export interface JudgedCount {
  readonly state: CountState;
  /** Undefined where nothing was measured. */
  readonly observation: CountObservation | undefined;
  readonly result: MetricResult;
}

/** Adds what has come since the last tick to the evidence of harm, and judges the metric by it (VERDICTS.md 2). */
export function judgeCount(task: CountTask): JudgedCount {
  const { metric, subject, before, totals } = task;
  const start = before ?? startCount(metric);
  const since = growth(totals, start.seen);
  const { phi } = dispersionOf(fullMinutes(start.minutes, task.now));
  const state = isNothing(since) ? { ...start, seen: totals } : grow(start, since, { totals, phi, now: task.now });
  return {
    state,
    observation: isNothing(since) ? undefined : { subject, metric: metric.name, ...since, phi },
    result: resultOf(task, state, phi),
  };
}

/** No evidence yet; `minutes` are those of ordinary traffic before the attempt, so that bursts are known at once. */
export function startCount(metric: CountMetric, minutes: readonly MinuteCount[] = []): CountState {
  return {
    harm: startHarmEvidence(metric.margin),
    safety: metric.require === 'nonInferior' ? startSafetyEvidence(metric.margin) : null,
    seen: { stableUnits: 0, candidateUnits: 0, stableBad: 0, candidateBad: 0 },
    minutes,
  };
}

function grow(
  state: CountState,
  since: ArmCounts,
  { totals, phi, now }: { readonly totals: ArmCounts; readonly phi: number; readonly now: Date },
): CountState {
  const candidate = { units: since.candidateUnits, bad: since.candidateBad };
  const stable = { units: since.stableUnits, bad: since.stableBad };
  const tick = tickOf(candidate, stable, phi);
  return {
    harm: addTick(state.harm, tick),
    safety: state.safety && addTick(state.safety, tick),
    seen: totals,
    minutes: rememberMinute(state.minutes, now, since.stableBad),
  };
}

function resultOf(task: CountTask, state: CountState, phi: number): MetricResult {
  const { metric, subject, totals, alpha, isComparable } = task;
  const { harm, safety } = state;
  const pair = safety === null ? { harm } : { harm, safety };
  const verdict = judgeCounts(pair, { alpha, require: metric.require, minimumUnits: 0 });
  const figures = {
    stable: { units: totals.stableUnits, bad: totals.stableBad, ...task.quantiles.stable },
    candidate: { units: totals.candidateUnits, bad: totals.candidateBad, ...task.quantiles.candidate },
  };
  return {
    metric: metric.name,
    subject,
    state: verdict.state,
    dryRun: metric.dryRun,
    isComparable,
    sentence:
      `${metric.name} of ${subject}: candidate ${rate(figures.candidate)}, stable ${rate(figures.stable)}; ` +
      `${verdict.reason}.`,
    evidence: logEvidence(harm),
    limit: evidenceLimit(alpha),
    ...figures,
    phi,
  };
}

function rate({ units, bad }: { readonly units: number; readonly bad: number }): string {
  return units === 0 ? 'no units' : `${bad} bad of ${units} units (${((100 * bad) / units).toPrecision(3)} %)`;
}

/** Totals only grow; a store that was restored from a backup is taken to have measured nothing since. */
function growth(totals: ArmCounts, seen: ArmCounts): ArmCounts {
  return {
    stableUnits: Math.max(0, totals.stableUnits - seen.stableUnits),
    candidateUnits: Math.max(0, totals.candidateUnits - seen.candidateUnits),
    stableBad: Math.max(0, totals.stableBad - seen.stableBad),
    candidateBad: Math.max(0, totals.candidateBad - seen.candidateBad),
  };
}

function isNothing({ stableUnits, candidateUnits, stableBad, candidateBad }: ArmCounts): boolean {
  return stableUnits + candidateUnits + stableBad + candidateBad === 0;
}

function minuteOf(now: Date): number {
  return Math.floor(now.getTime() / MINUTE_MS);
}

/** Minutes that are over, without holes: in a minute that is not there nothing went bad. */
function fullMinutes(minutes: readonly MinuteCount[], now: Date): readonly number[] {
  const first = minutes[0]?.minute;
  if (first === undefined) return [];
  const known = new Map(minutes.map(({ minute, bad }) => [minute, bad]));
  const length = Math.min(REMEMBERED_MINUTES, minuteOf(now) - first);
  const from = minuteOf(now) - length;
  return Array.from({ length }, (_, index) => known.get(from + index) ?? 0);
}

function rememberMinute(minutes: readonly MinuteCount[], now: Date, bad: number): readonly MinuteCount[] {
  const minute = minuteOf(now);
  const last = minutes.at(-1);
  if (last?.minute === minute) return [...minutes.slice(0, -1), { minute, bad: last.bad + bad }];
  return [...minutes.filter((each) => each.minute > minute - REMEMBERED_MINUTES), { minute, bad }];
}
