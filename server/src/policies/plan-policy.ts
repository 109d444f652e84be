import { planStep } from '../analysis/index.js';
import { FULL_SHARE } from '../kernel/share.js';
import { type CountMetric, isCountMetric, type PolicyDocument, type PolicyMetric, type PolicyStep } from './policy.js';
import { planRamp, type RampAnswer, type RampStretch } from './plan-ramp.js';
import { samplingAt } from './sampling-at.js';
import { stepsToFull } from './steps-to-full.js';

/** How many times the stable bad rate a candidate's might be. */
const PLANNED_RATIOS: readonly number[] = [1.5, 2, 3, 5, 10];

const LONGEST_MINUTES = 30 * 24 * 60;
const LARGEST_RATIO = 20;
/** The rise that sentences speak of. */
export const SAID_RATIO = 2;
/** Events of a unit are independent of each other: each unit stands for so many that hardly ever go bad. */
const UNITS_PER_UNIT_WITH_EVENTS = 1_000;

/** Recent traffic of one count metric; its bad rate is null where nobody knows it. */
export interface MetricTraffic {
  readonly unitsPerMinute: number;
  readonly badRate: number | null;
  readonly phi: number;
}

/** A policy before it runs, and what it will run on. */
export interface PlanQuestion {
  readonly policy: PolicyDocument;
  /** Units of both arms together. */
  readonly unitsPerMinute: number;
  /** By name of the metric. */
  readonly traffic: ReadonlyMap<string, MetricTraffic>;
}

/** How long a step lasts. */
export interface StepCourse {
  readonly candidateUnitsPerMinute: number;
  /** Until the candidate has had the units that the step must see; null: never. */
  readonly sampleMinutes: number | null;
  /** The hold, or longer until the sample is there; gates and the way to the SDKs come on top. Null: for ever. */
  readonly minutes: number | null;
}

/** What a step can see of one metric. */
export interface MetricStepPlan {
  readonly metric: string;
  /** Until half of all such rises are rolled back by this step's evidence alone; null: not within 30 days. */
  readonly minutesToDetect: readonly { readonly ratio: number; readonly minutes: number | null }[];
  /** The smallest rise that is rolled back at least every second time while the step lasts; null: none up to 20 times. */
  readonly detectableRatio: number | null;
  /** The smallest share, in whole percents, at which the step lasts long enough for a 2× rise; null: none, or no need. */
  readonly sufficientShare: number | null;
  readonly sentence: string;
}

export interface PlannedStep extends StepCourse {
  readonly share: number;
  /** Of the calls of parallel runs, thousandths of a percent. */
  readonly sampling: number;
  readonly holdSeconds: number;
  readonly minimumUnits: number;
  readonly metrics: readonly MetricStepPlan[];
  readonly warnings: readonly string[];
}

/** What a policy's whole ramp sees of a rise: evidence adds up over its steps. */
export type RampDetection = RampAnswer & { readonly ratio: number };

export interface PlannedMetric extends MetricTraffic {
  readonly metric: string;
  readonly kind: CountMetric['kind'];
  readonly dryRun: boolean;
  /** Its part of the policy's alpha. */
  readonly alpha: number;
  readonly ramp: readonly RampDetection[];
  readonly warnings: readonly string[];
}

export interface PolicyPlan {
  readonly steps: readonly PlannedStep[];
  readonly metrics: readonly PlannedMetric[];
  /** All steps and the bake time; null where a step never ends by itself. */
  readonly totalMinutes: number | null;
  /** Until everybody has the candidate; null as above. */
  readonly minutesToFull: number | null;
  readonly warnings: readonly string[];
}

/**
 * Tells before a policy starts what each of its steps can see, and when (VERDICTS.md 7). Alpha is divided as the engine
 * divides it for one subject. Yields between pieces of work of a few milliseconds.
 */
export function* planPolicy(question: PlanQuestion): Generator<void, PolicyPlan> {
  const { policy, traffic, unitsPerMinute } = question;
  const courses = policy.steps.map((step) => courseOf(policy, step, unitsPerMinute));
  const stretches = stretchesOf(policy.steps, courses);
  const metrics: PlannedMetric[] = [];
  const byStep: MetricStepPlan[][] = policy.steps.map(() => []);
  for (const metric of policy.metrics.filter(isCountMetric)) {
    const known = traffic.get(metric.name) ?? { unitsPerMinute: 0, badRate: null, phi: 1 };
    for (const [index, step] of policy.steps.entries()) {
      const plan = planMetricStep({ policy, step, metric, traffic: known, course: courses[index] });
      byStep[index]?.push(plan);
      yield;
    }
    const { name, kind, dryRun } = metric;
    const badPerMinute = known.unitsPerMinute * (known.badRate ?? 0);
    const ramp: RampDetection[] = [];
    for (const ratio of PLANNED_RATIOS) {
      const { phi } = known;
      const asked = { stretches, badPerMinute, ratio, phi, margin: metric.margin, alpha: alphaOf(policy) };
      ramp.push({ ratio, ...planRamp(asked) });
      yield;
    }
    const warnings = metricWarnings(metric, known);
    metrics.push({ metric: name, kind, dryRun, alpha: alphaOf(policy), ...known, ramp, warnings });
  }
  return {
    steps: policy.steps.map((step, index) => {
      const { share, holdSeconds, minimumUnits } = step;
      const course = courses[index] ?? NO_COURSE;
      const warnings = stepWarnings(policy, step, course);
      const sampling = samplingAt(policy.steps, index);
      return { share, sampling, holdSeconds, minimumUnits, ...course, metrics: byStep[index] ?? [], warnings };
    }),
    metrics,
    totalMinutes: totalOf(courses, policy.bakeSeconds / 60),
    minutesToFull: totalOf(courses.slice(0, stepsToFull(policy)), 0),
    warnings: policyWarnings(policy),
  };
}

const NO_COURSE: StepCourse = { candidateUnitsPerMinute: 0, sampleMinutes: null, minutes: null };

/** How long a step lasts at so many units a minute. */
export function courseOf(policy: PolicyDocument, step: PolicyStep, unitsPerMinute: number): StepCourse {
  const candidateUnitsPerMinute = (unitsPerMinute * step.share) / FULL_SHARE;
  const hold = step.holdSeconds / 60;
  const sampleMinutes =
    step.minimumUnits === 0 ? 0 : candidateUnitsPerMinute === 0 ? null : step.minimumUnits / candidateUnitsPerMinute;
  const { action, afterSeconds } = policy.onDeadline;
  const deadline = Math.max(hold, afterSeconds / 60);
  const isPromoted = action === 'promote' && (sampleMinutes === null || sampleMinutes > deadline);
  const needed = sampleMinutes === null ? null : Math.max(hold, sampleMinutes);
  return { candidateUnitsPerMinute, sampleMinutes, minutes: isPromoted ? deadline : needed };
}

/** Each metric's part of a policy's alpha where one subject is compared, as the engine divides it. */
export function alphaOf({ alpha, metrics }: PolicyDocument): number {
  return alpha / Math.max(1, metrics.filter(({ kind, dryRun }) => kind !== 'query' && !dryRun).length);
}

interface MetricStep {
  readonly policy: PolicyDocument;
  readonly step: PolicyStep;
  readonly metric: CountMetric;
  readonly traffic: MetricTraffic;
  readonly course: StepCourse | undefined;
}

function planMetricStep(task: MetricStep): MetricStepPlan {
  const { step, metric, traffic, course } = task;
  const nothing = (sentence: string): MetricStepPlan => ({
    metric: metric.name,
    minutesToDetect: PLANNED_RATIOS.map((ratio) => ({ ratio, minutes: null })),
    detectableRatio: null,
    sufficientShare: null,
    sentence,
  });
  if (step.share === 0) return nothing('At 0 % the candidate has no traffic: there is nothing to see yet.');
  if (step.share === FULL_SHARE) {
    return nothing('At 100 % there is no stable arm: counts are compared with its past, which is not in the plan.');
  }
  if (traffic.badRate === null) return nothing(`How often ${metric.name} goes bad is not known: give "badRate".`);
  if (traffic.badRate === 0) {
    return nothing(`Nothing went bad for ${metric.name} lately, so no multiple of it can be planned: give "badRate".`);
  }
  const holdMinutes = course?.minutes ?? step.holdSeconds / 60;
  const at = (share: number, ratio: number): ReturnType<typeof planStep> => planAt(task, { share, ratio, holdMinutes });
  const plans = PLANNED_RATIOS.map((ratio) => ({ ratio, ...at(step.share, ratio) }));
  const minutesToDetect = plans.map(({ ratio, medianMinutes }) => ({ ratio, minutes: withinMonth(medianMinutes) }));
  const smallest = plans[0]?.detectableRatio ?? null;
  const detectableRatio = smallest !== null && smallest <= LARGEST_RATIO ? smallest : null;
  const minutes = minutesToDetect.find(({ ratio }) => ratio === SAID_RATIO)?.minutes ?? null;
  const isLate = minutes === null || minutes > holdMinutes;
  const isSufficient = (share: number): boolean => (at(share, SAID_RATIO).medianMinutes ?? Infinity) <= holdMinutes;
  const sufficientShare = isLate && holdMinutes > 0 ? smallestShare(step.share, isSufficient) : null;
  const sentence = sentenceOf(task, {
    minutes,
    holdMinutes,
    isLate,
    detectableRatio,
    sufficientShare,
    sufficientMinutes: sufficientShare === null ? null : at(sufficientShare, SAID_RATIO).medianMinutes,
  });
  return { metric: metric.name, minutesToDetect, detectableRatio, sufficientShare, sentence };
}

function planAt(
  { policy, metric, traffic }: MetricStep,
  { share, ratio, holdMinutes }: { readonly share: number; readonly ratio: number; readonly holdMinutes: number },
): ReturnType<typeof planStep> {
  const scale = metric.kind === 'events' ? UNITS_PER_UNIT_WITH_EVENTS : 1;
  const step = {
    unitsPerMinute: traffic.unitsPerMinute * scale,
    badRate: (traffic.badRate ?? 0) / scale,
    share: share / FULL_SHARE,
    alpha: alphaOf(policy),
    margin: metric.margin,
    phi: traffic.phi,
    // Divided already.
    metricsSharingAlpha: 1,
  };
  return planStep(step, { ratio, holdMinutes });
}

/** The smallest share in whole percents above another and up to 50 % that suffices; more of the stable arm helps none. */
function smallestShare(above: number, isSufficient: (share: number) => boolean): number | null {
  const percentShare = FULL_SHARE / 100;
  let [low, high] = [Math.floor(above / percentShare), 50];
  if (low >= high || !isSufficient(high * percentShare)) return null;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isSufficient(middle * percentShare)) high = middle;
    else low = middle;
  }
  return high * percentShare;
}

interface Seen {
  readonly minutes: number | null;
  readonly holdMinutes: number;
  readonly isLate: boolean;
  readonly detectableRatio: number | null;
  readonly sufficientShare: number | null;
  readonly sufficientMinutes: number | null;
}

function sentenceOf({ step, course }: MetricStep, seen: Seen): string {
  const { minutes, holdMinutes, isLate, detectableRatio, sufficientShare, sufficientMinutes } = seen;
  const isSampled = (course?.minutes ?? 0) > step.holdSeconds / 60;
  const lasts = isSampled ? `with its sample it lasts ${time(holdMinutes)}` : `its hold is ${time(holdMinutes)}`;
  const sees =
    minutes === null
      ? `This step cannot see a ${SAID_RATIO}× rise within 30 days; ${lasts}`
      : `This step can see a ${SAID_RATIO}× rise in ${time(minutes)}; ${lasts}`;
  if (!isLate) return `${sees}.`;
  const within =
    detectableRatio === null
      ? `, in which it sees no rise up to ${LARGEST_RATIO}×`
      : `, in which it sees ${detectableRatio.toFixed(1)}×`;
  if (sufficientShare === null || sufficientMinutes === null) return `${sees}${within}.`;
  return `${sees}${within}; at ${sufficientShare / 1_000} % it would need ${time(sufficientMinutes)}.`;
}

/** The steps that compare two arms, until one that never ends. */
function stretchesOf(steps: readonly PolicyStep[], courses: readonly StepCourse[]): readonly RampStretch[] {
  const stretches: RampStretch[] = [];
  let fromMinute = 0;
  for (const [index, { share }] of steps.entries()) {
    const minutes = courses[index]?.minutes ?? null;
    if (minutes === null) break;
    if (share > 0 && share < FULL_SHARE) stretches.push({ share: share / FULL_SHARE, fromMinute, minutes });
    fromMinute += minutes;
  }
  return stretches;
}

function totalOf(courses: readonly StepCourse[], bakeMinutes: number): number | null {
  let total = bakeMinutes;
  for (const { minutes } of courses) {
    if (minutes === null) return null;
    total += minutes;
  }
  return total;
}

function stepWarnings(policy: PolicyDocument, step: PolicyStep, course: StepCourse): readonly string[] {
  const { minimumUnits, gates } = step;
  const { sampleMinutes, candidateUnitsPerMinute } = course;
  const { afterSeconds, action } = policy.onDeadline;
  const warnings: string[] = [];
  if (sampleMinutes === null) {
    warnings.push(`The candidate has no traffic here, so the ${minimumUnits} units of the sample never come.`);
  } else if (sampleMinutes > step.holdSeconds / 60) {
    const rate = `${shortNumber(candidateUnitsPerMinute)} units of the candidate a minute`;
    warnings.push(`At ${rate} the sample of ${minimumUnits} takes ${time(sampleMinutes)}: longer than the hold.`);
  }
  if ((sampleMinutes ?? Infinity) * 60 > Math.max(afterSeconds, step.holdSeconds)) {
    warnings.push(`The sample is not there at the deadline of ${time(afterSeconds / 60)}: ${ON_DEADLINE[action]}.`);
  }
  const waits = gates.filter(({ kind }) => kind !== 'analysis').map(({ kind }) => kind);
  if (waits.length > 0) {
    warnings.push(`The step also waits for ${waits.join(' and ')}: how long is not in the plan.`);
  }
  return warnings;
}

const ON_DEADLINE = {
  hold: 'the release holds, and people are called',
  rollBack: 'the release is rolled back',
  promote: 'the release goes on without evidence',
} as const;

function metricWarnings(metric: CountMetric, traffic: MetricTraffic): readonly string[] {
  const warnings: string[] = [];
  if (metric.kind === 'failures' && metric.count === 'callers') {
    warnings.push(
      'Distinct failing callers are judged, and history knows failing units only: one caller who fails often makes ' +
        'this plan look faster than it is.',
    );
  }
  if (traffic.badRate === null) {
    warnings.push('History does not tell how many were bad; give "badRate" to plan this metric.');
  }
  if (metric.require === 'nonInferior') {
    warnings.push('A step passes only on evidence of non-inferiority: how long that takes is not in the plan.');
  }
  return warnings;
}

function policyWarnings({ metrics, approvalsToStart }: PolicyDocument): readonly string[] {
  const warnings: string[] = [];
  if (!metrics.some((metric) => isCountMetric(metric) && !metric.dryRun)) {
    warnings.push('The policy acts on no counts of bad events, so none of its steps sees a rise of them.');
  }
  const others = metrics.filter((metric: PolicyMetric) => !isCountMetric(metric)).map(({ name }) => name);
  if (others.length > 0) {
    warnings.push(`Judged as well, but not planned, since history keeps no spread of values: ${others.join(', ')}.`);
  }
  if (approvalsToStart > 0) warnings.push('It starts after approvals only: how long those take is not in the plan.');
  return warnings;
}

function withinMonth(minutes: number | null): number | null {
  return minutes !== null && minutes <= LONGEST_MINUTES ? minutes : null;
}

/** A time for people, rounded up. */
function time(minutes: number): string {
  if (minutes <= 120) return `${Math.ceil(minutes - 1e-9)} min`;
  const hours = minutes / 60;
  return hours <= 48 ? `${(Math.ceil(hours * 10 - 1e-9) / 10).toString()} h` : `${Math.ceil(hours / 24 - 1e-9)} days`;
}

function shortNumber(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
