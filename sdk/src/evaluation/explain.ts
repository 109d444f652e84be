import { bucketOf } from './bucket.js';
import { FLAG_NOT_FOUND, type CompiledFlag, type CompiledServe } from './compile-flag.js';
import { compileRules } from './compile-clause.js';
import { findFlag, isTangled, type CompiledSnapshot } from './compile-snapshot.js';
import type { EvaluationContext } from './context.js';
import { bucketingText, evaluate, serve } from './evaluate.js';
import { findOutcome } from './match-clauses.js';
import { isAttributes, parseAttribute, readAttribute, readTargetingKey, type Attributes } from './read-attribute.js';
import type { Evaluation } from './reason.js';
import type { Clause, JsonValue, Serve, SnapshotFlag } from './snapshot.js';

/** What decided: the first of these that had something to say. */
export type Decision = 'missing' | 'malformed' | 'off' | 'prerequisite' | 'target' | 'rule' | 'default';

/** Whether something matched: `unknown` where it cannot be told. */
export type MatchWord = 'yes' | 'no' | 'unknown';

export interface ClauseExplanation {
  readonly match: MatchWord;
  /** The context's value that was looked at; undefined: it has none, or the clause asks about segments. */
  readonly value: JsonValue | undefined;
  /** Why it cannot be told, as a sentence; undefined otherwise. */
  readonly problem: string | undefined;
}

export interface RuleExplanation {
  readonly id: string;
  readonly match: MatchWord;
  /** Whether it was asked: rules behind the one that decided, and those of a flag that never came to them, are not. */
  readonly isReached: boolean;
  readonly clauses: readonly ClauseExplanation[];
}

export interface PrerequisiteExplanation {
  readonly flag: string;
  /** One of these was to be served. */
  readonly wanted: readonly string[];
  /** What was served; undefined: the flag is missing, off, or could not answer. */
  readonly served: string | undefined;
  readonly isMet: boolean;
}

/** Where a split puts a context. */
export interface BucketExplanation {
  /** Attribute whose value was hashed. */
  readonly bucketBy: string;
  readonly seed: string;
  /** From 0 to `total` − 1; undefined: there was nothing to hash. */
  readonly bucket: number | undefined;
  /** The sum of the shares. */
  readonly total: number;
}

/** An evaluation, and how it came about. */
export interface Explanation {
  /** As `evaluate` answers it. */
  readonly evaluation: Evaluation;
  readonly decision: Decision;
  /** Place of the rule that decided, from 0; undefined where none did. */
  readonly ruleIndex: number | undefined;
  /** Undefined where no split was asked. */
  readonly bucket: BucketExplanation | undefined;
  readonly prerequisites: readonly PrerequisiteExplanation[];
  readonly rules: readonly RuleExplanation[];
}

const NOTHING = { ruleIndex: undefined, bucket: undefined, prerequisites: [], rules: [] } as const;

/**
 * Evaluates one flag for one context as `evaluate` does, and tells why: for people, at a hundred times the cost. The
 * snapshot and the context are JSON.
 */
export function explain(compiled: CompiledSnapshot, key: string, context: EvaluationContext): Explanation {
  const flag = findFlag(compiled, key);
  if (flag === undefined) return { ...NOTHING, evaluation: FLAG_NOT_FOUND, decision: 'missing' };
  const { always } = flag;
  if (always?.reason !== undefined && always.errorCode === 'PARSE_ERROR') {
    return { ...NOTHING, evaluation: always, decision: 'malformed' };
  }
  // What compiled to more than a PARSE_ERROR has the lists of a flag.
  const source = flag.source as unknown as SnapshotFlag;
  const attributes: Attributes = context;
  const prerequisites = (source.prerequisites ?? []).map(({ flag: wanted, variations }) =>
    explainPrerequisite(compiled, wanted, variations, context),
  );
  const rules = (source.rules ?? []).map(({ id, clauses }) => explainRule(compiled, id, clauses, attributes));
  return decide(compiled, { key, flag, source }, { context, prerequisites, rules });
}

interface Subject {
  readonly key: string;
  readonly flag: CompiledFlag;
  readonly source: SnapshotFlag;
}
interface Findings {
  readonly context: EvaluationContext;
  readonly prerequisites: readonly PrerequisiteExplanation[];
  readonly rules: readonly Omit<RuleExplanation, 'isReached'>[];
}

function decide(compiled: CompiledSnapshot, { key, flag, source }: Subject, found: Findings): Explanation {
  const { context, prerequisites } = found;
  const end = (decision: Decision, evaluation: Evaluation, ruleIndex?: number, by?: Serve): Explanation => {
    const reached = decision === 'rule' ? (ruleIndex ?? 0) + 1 : decision === 'default' ? found.rules.length : 0;
    const rules = found.rules.map((rule, index) => ({ ...rule, isReached: index < reached }));
    const bucket = by !== undefined && 'split' in by ? explainBucket(by, key, context) : undefined;
    return { evaluation, decision, ruleIndex, bucket, prerequisites, rules };
  };
  if (!flag.isOn) return end('off', flag.always as Evaluation); // what is off has one answer
  if (isTangled(compiled, key)) return end('prerequisite', evaluate(compiled, key, context));
  if (prerequisites.some(({ isMet }) => !isMet)) return end('prerequisite', flag.unmet);
  const target = flag.targets?.get(readTargetingKey(context));
  if (target !== undefined) return end('target', target);
  // Of a flag whose targets cannot be read no rule is compiled: nobody can be told whom it serves.
  if (!(source.targets ?? []).every(isReadable)) return end('malformed', evaluate(compiled, key, context));
  const ruleIndex = found.rules.findIndex(({ match }) => match !== 'no');
  const rule = found.rules[ruleIndex];
  if (rule === undefined) return end('default', serve(flag, flag.otherwise, context), undefined, source.defaultServe);
  const problem = rule.clauses.find(({ match }) => match === 'unknown')?.problem;
  const outcome: CompiledServe | { readonly reason: undefined; readonly problem: string } | undefined =
    problem === undefined ? flag.ruleServes[ruleIndex] : { reason: undefined, problem };
  // Where targets can be read, there is a serve for every rule.
  const served = serve(flag, outcome as CompiledServe, context);
  return end('rule', served, ruleIndex, problem === undefined ? source.rules[ruleIndex]?.serve : undefined);
}

function isReadable(target: unknown): boolean {
  return isAttributes(target) && Array.isArray(target['values']);
}

function explainPrerequisite(
  compiled: CompiledSnapshot,
  flag: string,
  wanted: readonly string[],
  context: EvaluationContext,
): PrerequisiteExplanation {
  const isOn = findFlag(compiled, flag)?.isOn === true;
  const served = isOn ? evaluate(compiled, flag, context).variant : undefined;
  return { flag, wanted, served, isMet: served !== undefined && wanted.includes(served) };
}

/** A clause that does not match decides, whatever else of its rule is unknown. */
function explainRule(
  compiled: CompiledSnapshot,
  id: string,
  clauses: readonly Clause[],
  context: Attributes,
): Omit<RuleExplanation, 'isReached'> {
  const explained = clauses.map((clause) => explainClause(compiled, clause, context));
  const words = explained.map(({ match }) => match);
  return { id, match: words.includes('no') ? 'no' : words.includes('unknown') ? 'unknown' : 'yes', clauses: explained };
}

function explainClause(compiled: CompiledSnapshot, clause: Clause, context: Attributes): ClauseExplanation {
  const chain = compileRules([{ clauses: [clause], outcome: true as const }], 'rule');
  const outcome = findOutcome(chain, context, compiled.segments);
  const path = clause.operator === 'inSegment' ? undefined : parseAttribute(clause.attribute);
  // A context is JSON.
  const value = path === undefined ? undefined : (readAttribute(context, path) as JsonValue | undefined);
  if (outcome === undefined || outcome === true) return { match: outcome ? 'yes' : 'no', value, problem: undefined };
  return { match: 'unknown', value, problem: outcome.problem };
}

function explainBucket(
  { split }: Extract<Serve, { split: unknown }>,
  key: string,
  context: Attributes,
): BucketExplanation {
  const { bucketBy = 'targetingKey', seed = key, shares } = split;
  const total = shares.reduce((sum, { share }) => sum + Math.max(0, share), 0);
  const path = parseAttribute(bucketBy);
  const text = path === undefined ? undefined : bucketingText(readAttribute(context, path));
  const isNothing = text === undefined || (text === '' && bucketBy === 'targetingKey');
  return { bucketBy, seed, bucket: isNothing ? undefined : bucketOf(seed, text, total), total };
}
