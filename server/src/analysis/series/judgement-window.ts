/** When series are judged, and over what time. All in minutes since the step began. */
export interface JudgementPlan {
  readonly intervalMinutes: number;
  /** How long the candidate warms up before its series count. */
  readonly beginAfterMinutes: number;
  /** Each window is the last so many minutes; 0: each grows from the beginning. */
  readonly lookbackMinutes: number;
}

export interface JudgementWindow {
  readonly startMinutes: number;
  readonly endMinutes: number;
}

/** How many judgements fit into a lifetime. */
export function judgementCount({ intervalMinutes }: JudgementPlan, lifetimeMinutes: number): number {
  return Math.floor(lifetimeMinutes / intervalMinutes);
}

/** What the k-th judgement, k from 1, looks at. A sliding window never reaches back before the warm-up's end. */
export function judgementWindow(plan: JudgementPlan, judgement: number): JudgementWindow {
  const endMinutes = plan.beginAfterMinutes + judgement * plan.intervalMinutes;
  const begin = plan.beginAfterMinutes;
  if (plan.lookbackMinutes === 0) return { startMinutes: begin, endMinutes };
  return { startMinutes: Math.max(begin, endMinutes - plan.lookbackMinutes), endMinutes };
}

/** Scores, from 0 to 100, that end or pass a run of judgements; either may be absent. */
export interface ScoreBounds {
  readonly pass?: number;
  readonly marginal?: number;
}

/** Whether a judgement ends the run as bad. */
export function isStopped(score: number, { marginal }: ScoreBounds): boolean {
  return marginal !== undefined && score < marginal;
}

/** The verdict of all judgements: none was bad, and the last is good enough. No judgement at all is no success. */
export function hasPassed(scores: readonly number[], bounds: ScoreBounds): boolean {
  const last = scores.at(-1);
  if (last === undefined || scores.some((score) => isStopped(score, bounds))) return false;
  return bounds.pass === undefined || last >= bounds.pass;
}
