import type { FlagType } from '@sluice/sdk/evaluation';
import { invalid } from '../kernel/errors.js';
import type { Purpose } from './flag.js';
import { type FlagOrder, type FlagSort, isStored } from './flag-order.js';
import { isStale, type LifeStage } from './life-stage.js';

/** What a list of flags is narrowed to by what is stored. */
export interface FlagFilter {
  /** All of which a flag must have. */
  readonly tags?: readonly string[] | undefined;
  readonly purpose?: Purpose | undefined;
  readonly type?: FlagType | undefined;
  readonly owner?: string | undefined;
  /** Part of a key or name, in any case. */
  readonly search?: string | undefined;
  /** Whether the due date is past. */
  readonly overdue?: boolean | undefined;
  /** Whether the flag is on in the environment of the list. */
  readonly on?: boolean | undefined;
}

/** Which flags are asked for, and in which order. */
export interface FlagQuery {
  readonly filter: FlagFilter;
  readonly stage: LifeStage | undefined;
  /** Whether somebody should look at whether the flag can go. */
  readonly stale: boolean | undefined;
  /** Key of the environment of which `on`, and the orders state and evaluated, are. */
  readonly environment: string | undefined;
  readonly order: FlagOrder;
}

/** What callers say of a list, each API in its own words for nothing. */
export type AskedFlags = {
  readonly [Name in keyof FlagFilter]: FlagFilter[Name] | null;
} & {
  readonly stage?: LifeStage | null | undefined;
  readonly stale?: boolean | null | undefined;
  readonly environment?: string | null | undefined;
  readonly sort?: FlagSort | null | undefined;
  readonly descending?: boolean | null | undefined;
};

/** Reads what a list is asked for; throws `invalid` where it needs an environment and names none. */
export function parseFlagQuery(asked: AskedFlags): FlagQuery {
  const { tags, purpose, type, owner, search, overdue, on, stage, stale, environment, sort, descending } = asked;
  const query: FlagQuery = {
    filter: {
      tags: tags?.toSorted(),
      purpose: purpose ?? undefined,
      type: type ?? undefined,
      owner: owner ?? undefined,
      search: search ?? undefined,
      overdue: overdue ?? undefined,
      on: on ?? undefined,
    },
    stage: stage ?? undefined,
    stale: stale ?? undefined,
    environment: environment ?? undefined,
    order: { sort: sort ?? 'key', descending: descending ?? false },
  };
  if (query.environment === undefined && (query.filter.on !== undefined || query.order.sort === 'state')) {
    const message = 'Flags are on or off in an environment; say in which by "environment".';
    throw invalid('ENVIRONMENT_MISSING', message);
  }
  return query;
}

/** What a list is narrowed to, as a text that is the same for the same list. */
export function nameFilter({ filter, stage, stale, environment }: FlagQuery): string {
  return JSON.stringify([filter, stage, stale, environment]);
}

/** Whether a list cannot be told without the stages of its flags. */
export function needsStages({ stage, stale, order }: FlagQuery): boolean {
  return stage !== undefined || stale !== undefined || order.sort === 'stage';
}

/** Whether all flags of the project that the store lets through are read, however few are answered. */
export function readsAll({ stage, stale, sort }: AskedFlags): boolean {
  return (stage ?? stale ?? null) !== null || !isStored({ sort: sort ?? 'key', descending: false });
}

/** Whether a list has flags of a stage; undefined: it was not asked for, because nothing depends on it. */
export function isAtStage({ stage, stale }: FlagQuery, of: LifeStage | undefined): boolean {
  if (of === undefined) return true;
  return (stage === undefined || stage === of) && (stale === undefined || stale === isStale(of));
}
