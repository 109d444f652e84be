import { formatCount, formatDuration, formatPart, formatShare, formatTable } from './format.js';

/** What each step of a policy will see, as the API answers it; null minutes: never. */
export interface PlanView {
  readonly policy: { readonly key: string; readonly version: number };
  readonly environment: string;
  readonly subject: string;
  readonly traffic: { readonly unitsPerMinute: number; readonly badRate: number | null; readonly source: string };
  readonly steps: readonly PlannedStepView[];
  readonly metrics: readonly PlannedMetricView[];
  readonly totalMinutes: number | null;
  readonly warnings: readonly string[];
}

export interface PlannedStepView {
  readonly share: number;
  /** Of the calls of parallel runs; undefined of a server that does not tell. */
  readonly sampling?: number;
  readonly minutes: number | null;
  readonly metrics: readonly {
    readonly metric: string;
    readonly minutesToDetect: readonly { readonly ratio: number; readonly minutes: number | null }[];
    readonly detectableRatio: number | null;
    readonly sentence: string;
  }[];
  readonly warnings: readonly string[];
}

interface PlannedMetricView {
  readonly metric: string;
  readonly ramp: readonly { readonly ratio: number; readonly chance: number; readonly medianMinutes: number | null }[];
  readonly warnings: readonly string[];
}

/** A plan as two tables, of the steps and of the whole ramp, and what there is to say of them. */
export function renderPlan(plan: PlanView): readonly string[] {
  const { policy, environment, subject, traffic, totalMinutes, steps, metrics } = plan;
  const bad = traffic.badRate === null ? '' : `, ${formatPart(traffic.badRate)} bad`;
  const isSampled = steps.some(({ sampling = 0 }) => sampling > 0);
  const rows = steps.flatMap((step, index) => stepRows(step, index, isSampled));
  const head = [
    'STEP',
    'SHARE',
    ...(isSampled ? ['SAMPLED'] : []),
    'LASTS',
    'METRIC',
    ...ratiosOf(steps).map(timesWords),
  ];
  const said = steps.flatMap((step, index) => [
    ...step.metrics.map(({ metric, sentence }) => `Step ${index + 1}, ${metric}: ${sentence}`),
    ...step.warnings.map((warning) => `Step ${index + 1}: ${warning}`),
  ]);
  const warnings = [
    ...metrics.flatMap((each) => each.warnings.map((text) => `${each.metric}: ${text}`)),
    ...plan.warnings,
  ];
  return [
    `${policy.key} in ${environment}, ${subject}: ${formatCount(traffic.unitsPerMinute)} units per minute${bad} (${traffic.source})`,
    `It takes ${totalMinutes === null ? 'until somebody ends a step' : formatDuration(totalMinutes * 60_000)}.`,
    '',
    ...formatTable([[...head, 'SEES FROM'], ...rows]),
    ...rampLines(metrics),
    ...apart(said),
    ...apart(warnings),
  ];
}

function stepRows(step: PlannedStepView, index: number, isSampled: boolean): readonly (readonly string[])[] {
  const sampled = isSampled ? [formatShare(step.sampling ?? 0)] : [];
  const head = [String(index + 1), formatShare(step.share), ...sampled, minutesWords(step.minutes)];
  if (step.metrics.length === 0) return [head];
  return step.metrics.map(({ metric, minutesToDetect, detectableRatio }) => [
    ...head,
    metric,
    ...minutesToDetect.map(({ minutes }) => minutesWords(minutes)),
    detectableRatio === null ? 'nothing' : timesWords(detectableRatio),
  ]);
}

function ratiosOf(steps: readonly PlannedStepView[]): readonly number[] {
  const [first] = steps.flatMap(({ metrics }) => metrics);
  return first?.minutesToDetect.map(({ ratio }) => ratio) ?? [];
}

function rampLines(metrics: readonly PlannedMetricView[]): readonly string[] {
  const [first] = metrics;
  if (first === undefined) return [];
  const rows = metrics.map(({ metric, ramp }) => [
    metric,
    ...ramp.map(({ chance, medianMinutes }) =>
      medianMinutes === null ? formatPart(chance) : `${formatPart(chance)}, ${minutesWords(medianMinutes)}`,
    ),
  ]);
  return apart(formatTable([['WHOLE RAMP', ...first.ramp.map(({ ratio }) => timesWords(ratio))], ...rows]));
}

function apart(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

const timesWords = (ratio: number): string => `${Number(ratio.toPrecision(3))}×`;

function minutesWords(minutes: number | null): string {
  return minutes === null ? 'never' : formatDuration(minutes * 60_000);
}
