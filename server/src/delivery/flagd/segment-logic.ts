import type { CompiledSnapshot, SnapshotSegment } from '@sluice/sdk/evaluation';
import { clauseLogic, type MemberOf } from './clause-logic.js';
import { all, any, isOneOf, type Logic, not } from './json-logic.js';
import type { MadeBefore } from './made-before.js';
import { refer } from './references.js';
import { type Findings, Reporter } from './reporter.js';

export const TARGETING_KEY: Logic = { var: 'targetingKey' };

/** Whether a context is a member of a segment. */
export interface SegmentLogic extends Findings {
  readonly isMember: Logic;
  /** The same by its name among the document's `$evaluators`, where that can be. */
  readonly reference: Logic;
}

/** What was made of segments before. */
export type SegmentMemory = MadeBefore<SnapshotSegment, { readonly segment: SegmentLogic }, SegmentLogic>;

/** Answers each segment's logic, made once. A segment that there is not has no members. */
export function segmentLogics(
  { snapshot, segments }: CompiledSnapshot,
  before: SegmentMemory,
): (key: string) => SegmentLogic {
  const byKey = new Map(snapshot.segments.map((segment) => [segment.key, segment]));
  const made = new Map<string, SegmentLogic>();
  const logicOf = (key: string): SegmentLogic => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const logic = make(key);
    made.set(key, logic);
    return logic;
  };
  const make = (key: string): SegmentLogic => {
    const segment = byKey.get(key);
    if (segment === undefined) return NOBODY;
    if (segments.tangled.has(key)) return TANGLED;
    return before.get(segment, { segment: logicOf }, (asks) => segmentLogic(segment, asks.segment));
  };
  return logicOf;
}

const NOBODY: SegmentLogic = { isMember: false, reference: false, problems: [], untold: [] };
const TANGLED: SegmentLogic = {
  isMember: false,
  reference: false,
  problems: [{ path: '', reason: 'It leads through other segments to itself, or through too many; untangle them.' }],
  untold: [],
};

/**
 * Included, else not when excluded, else when any rule matches. Segments that it names are written out: not every
 * client of flagd follows a reference within a reference.
 */
function segmentLogic(segment: SnapshotSegment, logicOf: (key: string) => SegmentLogic): SegmentLogic {
  const reporter = new Reporter();
  const memberOf: MemberOf = (key, path) => {
    const logic = logicOf(key);
    reporter.passOn(logic, path, `segment ${key}`);
    return logic.isMember;
  };
  const rules = segment.rules.map(({ clauses }, rule) =>
    all(...clauses.map((clause, index) => clauseLogic(clause, `rules[${rule}].clauses[${index}]`, memberOf, reporter))),
  );
  const isIncluded = isOneOf(TARGETING_KEY, segment.included);
  const isExcluded = isOneOf(TARGETING_KEY, segment.excluded);
  const { problems, untold } = reporter;
  const isMember = any(isIncluded, all(not(isExcluded), any(...rules)));
  return { isMember, reference: refer(`segment.${segment.key}`, isMember), problems, untold };
}
