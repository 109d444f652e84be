import { type CompiledSnapshot, isTangled, type SnapshotFlag } from '@sluice/sdk/evaluation';
import { clauseLogic, type MemberOf } from './clause-logic.js';
import { all, any, choose, isOneOf, type Logic, not } from './json-logic.js';
import { MadeBefore } from './made-before.js';
import { extentOf, refer, writtenOut } from './references.js';
import { type Findings, Reporter } from './reporter.js';
import { type SegmentLogic, segmentLogics, type SegmentMemory, TARGETING_KEY } from './segment-logic.js';
import { ERROR, serveLogic, variationOf } from './serve-logic.js';

/** What is shorter is written out: each reference costs clients a search through the whole document. */
const WORTH_REFERRING_BYTES = 1_024;

type Branch = readonly [condition: Logic, then: Logic];

/** What a flag serves. */
export interface FlagLogic extends Findings {
  /** Before the default serve is asked: condition and variation, null for the caller's default. */
  readonly branches: readonly Branch[];
  /** Of the default serve: the variation, ERROR, or null for the caller's default. */
  readonly otherwise: Logic;
}

/** What flags are made of besides themselves. */
interface FlagParts {
  readonly isTangled: boolean;
  /** Of prerequisites; undefined: it serves nothing that could be required. */
  readonly flag: FlagLogic | undefined;
  readonly segment: SegmentLogic;
}
type Asks = { readonly [Kind in keyof FlagParts]: (key: string) => FlagParts[Kind] };

/** What was made of an environment before: of what has not changed since, nothing is made anew. */
export class LogicMemory {
  readonly flags = new MadeBefore<SnapshotFlag, FlagParts, FlagLogic>();
  readonly segments: SegmentMemory = new MadeBefore();
}

/** Answers each flag's logic, made once. */
export function flagLogics(compiled: CompiledSnapshot, before: LogicMemory): (flag: SnapshotFlag) => FlagLogic {
  const byKey = new Map(compiled.snapshot.flags.map((flag) => [flag.key, flag]));
  const made = new Map<string, FlagLogic>();
  const asks: Asks = {
    isTangled: (key) => isTangled(compiled, key),
    flag: (key) => {
      const required = byKey.get(key);
      return required?.on === true ? flagOf(required) : undefined;
    },
    segment: segmentLogics(compiled, before.segments),
  };
  const flagOf = (flag: SnapshotFlag): FlagLogic => {
    const known = made.get(flag.key);
    if (known !== undefined) return known;
    const logic = before.flags.get(flag, asks, (noted) => (flag.on ? onLogic(flag, noted) : offLogic(flag)));
    made.set(flag.key, logic);
    return logic;
  };
  return flagOf;
}

/** flagd serves nothing of a disabled flag; one that serves its off variation is to flagd one that serves just that. */
function offLogic({ offVariation, variations }: SnapshotFlag): FlagLogic {
  const isThere = offVariation !== undefined && variations.some(({ key }) => key === offVariation);
  return { branches: [], otherwise: isThere ? offVariation : null, problems: [], untold: [] };
}

function onLogic(flag: SnapshotFlag, asks: Asks): FlagLogic {
  const reporter = new Reporter();
  const isMet = asks.isTangled(flag.key) ? tangled(reporter) : prerequisitesMet(flag, asks, reporter);
  const memberOf: MemberOf = (key, path) => {
    const logic = asks.segment(key);
    reporter.passOn(logic, path, `segment ${key}`);
    return logic.reference;
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

/** flagd's flags do not know each other: what decides about a prerequisite is part of the flag that has it. */
function prerequisitesMet({ prerequisites }: SnapshotFlag, asks: Asks, reporter: Reporter): Logic {
  const conditions = prerequisites.map(({ flag, variations }, index) => {
    const logic = asks.flag(flag);
    if (logic === undefined) return false;
    reporter.passOn(logic, `prerequisites[${index}]`, `flag ${flag}`);
    return servesOneOf(servedBy(flag, logic), variations);
  });
  return all(...conditions);
}

const served = new WeakMap<FlagLogic, Logic>();

/** What a flag that is on serves: by name where it is long, so that it stands in the document once for all who ask. */
function servedBy(key: string, logic: FlagLogic): Logic {
  const known = served.get(logic);
  if (known !== undefined) return known;
  const whole = choose(logic.branches, logic.otherwise);
  const made = extentOf(whole).bytes < WORTH_REFERRING_BYTES ? whole : refer(`flag.${key}`, writtenOut(whole));
  served.set(logic, made);
  return made;
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
