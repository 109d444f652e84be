import { formatCount, formatDuration, formatShare, formatTable } from './format.js';

/** What each step of a policy can see, as the API answers it. */
export interface PlanView {
  readonly steps: readonly PlannedStepView[];
}

interface PlannedStepView {
  readonly share: number;
  readonly holdSeconds: number;
  readonly unitsPerMinute: number | null;
  /** By how many times as bad the candidate is; null: not within a year. */
  readonly minutesToDetect: Readonly<Record<string, number | null>>;
  /** The smallest ratio that is noticed within the step; null when none is. */
  readonly detectableRatio: number | null;
  readonly sentence: string;
}

/** A plan as a table, and a sentence for each step. */
export function renderPlan({ steps }: PlanView): readonly string[] {
  const ratios = [...new Set(steps.flatMap(({ minutesToDetect }) => Object.keys(minutesToDetect)))];
  const head = ['STEP', 'SHARE', 'HOLD', 'UNITS/MIN', ...ratios.map((ratio) => `${ratio}× BAD`), 'NOTICES FROM'];
  const rows = steps.map((step, index) => [
    String(index + 1),
    formatShare(step.share),
    formatDuration(step.holdSeconds * 1_000),
    step.unitsPerMinute === null ? '' : formatCount(step.unitsPerMinute),
    ...ratios.map((ratio) => minutesWords(step.minutesToDetect[ratio])),
    step.detectableRatio === null ? 'nothing' : `${Number(step.detectableRatio.toPrecision(3))}×`,
  ]);
  const sentences = steps.flatMap(({ sentence }, index) => (sentence === '' ? [] : [`${index + 1}. ${sentence}`]));
  return [...formatTable([head, ...rows]), ...(sentences.length === 0 ? [] : ['', ...sentences])];
}

function minutesWords(minutes: number | null | undefined): string {
  if (minutes === undefined) return '';
  return minutes === null ? 'never' : formatDuration(minutes * 60_000);
}
