import type { CompiledSnapshot, SnapshotFlag } from '@sluice/sdk/evaluation';
import { clauseLogic, type MemberOf } from './clause-logic.js';
import { all, any, choose, isOneOf, type Logic, not } from './json-logic.js';
import { type Findings, Reporter } from './reporter.js';
import { type SegmentLogic, segmentLogics, TARGETING_KEY } from './segment-logic.js';
import { ERROR, serveLogic, variationOf } from './serve-logic.js';

type Branch = readonly [condition: Logic, then: Logic];

/** What a flag that is on serves. */
export interface FlagLogic extends Findings {
  /** Before the default serve is asked: condition and variation, null for the caller's default. */
  readonly branches: readonly Branch[];
  /** Of the default serve: the variation, ERROR, or null for the caller's default. */
  readonly otherwise: Logic;
}

/** Answers the logic of the flags that are on, and of the segments, each made once. */
interface EnvironmentLogic {
  readonly flag: (flag: SnapshotFlag) => FlagLogic;
  readonly segment: (key: string) => SegmentLogic;
}

/** The key under which a segment is found among the document's `$evaluators`. */
export function evaluatorOf(segment: string): string {
  return `segment.${segment}`;
}

/** Prepares to say an environment's flags in flagd's words. */
export function environmentLogic(compiled: CompiledSnapshot): EnvironmentLogic {
  const byKey = new Map(compiled.snapshot.flags.map((flag) => [flag.key, flag]));
  const segment = segmentLogics(compiled);
  const made = new Map<string, FlagLogic>();
  const flagOf = (flag: SnapshotFlag): FlagLogic => {
    const known = made.get(flag.key);
    if (known !== undefined) return known;
    const reporter = new Reporter();
    const isMet = compiled.tangledFlags.has(flag.key)
      ? tangled(reporter)
      : prerequisitesMet(flag, byKey, flagOf, reporter);
    const logic = flagLogic(flag, isMet, segment, reporter);
    made.set(flag.key, logic);
    return logic;
  };
  return { flag: flagOf, segment };
}

function flagLogic(
  flag: SnapshotFlag,
  isMet: Logic,
  segment: (key: string) => SegmentLogic,
  reporter: Reporter,
): FlagLogic {
  const memberOf: MemberOf = (key, path) => {
    const logic = segment(key);
    reporter.passOn(logic, path, `segment ${key}`);
    return canBeReferred(logic.isMember) ? { $ref: evaluatorOf(key) } : logic.isMember;
  };
  const targets = flag.targets.map(({ variation, values }): Branch => [
    isOneOf(TARGETING_KEY, values),
    variationOf(flag, variation),
  ]);
  const rules = flag.rules.map(({ clauses, serve }, rule): Branch => {
    const path = `rules[${rule}]`;
    const conditions = clauses.map((clause, index) =>
      clauseLogic(clause, `${path}.clauses[${index}]`, memberOf, reporter),
    );
    return [all(...conditions), serveLogic(flag, serve, `${path}.serve`, reporter)];
  });
  const { defaultServe, offVariation } = flag;
  const otherwise = defaultServe === undefined ? null : serveLogic(flag, defaultServe, 'defaultServe', reporter);
  const unmet = offVariation === undefined ? null : variationOf(flag, offVariation);
  const { problems, untold } = reporter;
  return {
    branches: [[any(...untold), ERROR], [not(isMet), unmet], ...targets, ...rules],
    otherwise,
    problems,
    untold,
  };
}

/** Prerequisites are written out in full, for flagd's flags do not know each other. */
function prerequisitesMet(
  { prerequisites }: SnapshotFlag,
  byKey: ReadonlyMap<string, SnapshotFlag>,
  flagOf: (flag: SnapshotFlag) => FlagLogic,
  reporter: Reporter,
): Logic {
  const conditions = prerequisites.map(({ flag, variations }, index) => {
    const required = byKey.get(flag);
    if (required?.on !== true) return false;
    const logic = flagOf(required);
    reporter.passOn(logic, `prerequisites[${index}]`, `flag ${flag}`);
    return servesOneOf(choose(logic.branches, logic.otherwise), variations);
  });
  return all(...conditions);
}

function tangled(reporter: Reporter): Logic {
  const reason = 'They lead through other flags to this one, or through too many; untangle them.';
  reporter.cannotSay('prerequisites', reason);
  return false;
}

/** What is served may be known already; an error is none of the variations. */
function servesOneOf(served: Logic, variations: readonly string[]): Logic {
  const wanted = variations.filter((variation) => variation !== ERROR);
  if (typeof served === 'object' && served !== null) return isOneOf(served, wanted);
  return wanted.some((variation) => variation === served);
}

/**
 * Clients put evaluators in place of references as text, some by patterns in which `$` has a meaning of its own: what
 * has one is written out where it is used.
 */
export function canBeReferred(isMember: Logic): boolean {
  return typeof isMember === 'object' && !JSON.stringify(isMember).includes('$');
}
