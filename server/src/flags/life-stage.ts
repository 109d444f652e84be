import type { Flag } from './flag.js';

const DAY_MS = 24 * 3_600_000;
/** How long a flag may be without an evaluation before nobody is taken to ask for it. */
const QUIET_DAYS = 7;

/** Where a flag stands between its making and its removal, in the order in which lists put them. */
export const LIFE_STAGES = ['new', 'live', 'settled', 'idle', 'unused', 'overdue'] as const;
export type LifeStage = (typeof LIFE_STAGES)[number];

/** What of a flag tells its stage. */
export interface LifeFacts extends Pick<Flag, 'purpose' | 'dueAt' | 'createdAt'> {
  /** The one variation that everybody is served in every environment; undefined: they differ, or it is off somewhere. */
  readonly soleAnswer: string | undefined;
  /** In any environment that the asker may see; undefined: never, as far as reports tell. */
  readonly lastEvaluatedAt: Date | undefined;
}

/**
 * Where a flag stands: overdue (its due date is past), unused (made over a week ago, never evaluated), idle (not
 * evaluated for a week), settled (a release or experiment that is decided: on for all, with one answer, everywhere), new
 * (not evaluated yet), or else live.
 */
export function lifeStage(facts: LifeFacts, now: Date): LifeStage {
  const { dueAt, createdAt, lastEvaluatedAt } = facts;
  if (dueAt !== null && dueAt < now) return 'overdue';
  const quietSince = new Date(now.getTime() - QUIET_DAYS * DAY_MS);
  if (lastEvaluatedAt === undefined) return createdAt < quietSince ? 'unused' : 'new';
  if (lastEvaluatedAt < quietSince) return 'idle';
  return isSettled(facts) ? 'settled' : 'live';
}

/** Whether somebody should look at whether a flag, and the code around it, can go. */
export function isStale(stage: LifeStage): boolean {
  return stage !== 'new' && stage !== 'live';
}

function isSettled({ purpose, soleAnswer }: LifeFacts): boolean {
  return (purpose === 'release' || purpose === 'experiment') && soleAnswer !== undefined;
}
