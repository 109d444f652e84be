const DAY_MS = 24 * 3_600_000;
/** How long a flag may be without an evaluation before nobody is taken to ask for it. */
const QUIET_DAYS = 7;

/** Where a flag stands between its making and its removal. */
export const LIFE_STAGES = ['new', 'live', 'settled', 'idle', 'unused', 'overdue'] as const;
export type LifeStage = (typeof LIFE_STAGES)[number];

/** What of a flag tells its stage. Times are RFC 3339 texts. */
export interface LivingFlag {
  readonly purpose: 'release' | 'experiment' | 'operational' | 'permission';
  readonly isOverdue: boolean;
  readonly createdAt: string;
  readonly environments: readonly {
    readonly on: boolean;
    readonly defaultServe: unknown;
    readonly ruleCount: number;
    readonly targetCount: number;
  }[];
  /** Null where none of its environments has a report. */
  readonly usage: readonly { readonly lastEvaluatedAt: string | null }[] | null;
}

/**
 * Where a flag stands: overdue (its due date is past), unused (made over a week ago, never evaluated), idle (not
 * evaluated for a week), settled (a release or experiment that is decided: on for all, with one answer, everywhere), new
 * (not evaluated yet), or else live.
 */
export function lifeStage(flag: LivingFlag, now: Date): LifeStage {
  if (flag.isOverdue) return 'overdue';
  const quietSince = now.getTime() - QUIET_DAYS * DAY_MS;
  const last = lastEvaluated(flag.usage ?? []);
  if (last === undefined) return Date.parse(flag.createdAt) < quietSince ? 'unused' : 'new';
  if (Date.parse(last) < quietSince) return 'idle';
  return isSettled(flag) ? 'settled' : 'live';
}

/** Whether somebody should look at whether a flag, and the code around it, can go. */
export function isStale(stage: LifeStage): boolean {
  return stage !== 'new' && stage !== 'live';
}

/** When a flag was last evaluated anywhere; undefined: never, as far as reports tell. */
export function lastEvaluated(usage: readonly { readonly lastEvaluatedAt: string | null }[]): string | undefined {
  const times = usage.flatMap(({ lastEvaluatedAt }) => lastEvaluatedAt ?? []);
  return times.toSorted((one, other) => Date.parse(one) - Date.parse(other)).at(-1);
}

function isSettled({ purpose, environments }: LivingFlag): boolean {
  if (purpose !== 'release' && purpose !== 'experiment') return false;
  const answers = environments.map(({ on, defaultServe, ruleCount, targetCount }) =>
    on && ruleCount === 0 && targetCount === 0 ? variationOf(defaultServe) : undefined,
  );
  return answers[0] !== undefined && answers.every((answer) => answer === answers[0]);
}

function variationOf(serve: unknown): string | undefined {
  if (typeof serve !== 'object' || serve === null || !('variation' in serve)) return undefined;
  return typeof serve.variation === 'string' ? serve.variation : undefined;
}
