import type { ComparisonRule } from '../evaluation/comparison-rule.js';
import type { NumericDelta } from './difference.js';
import { DEEP, ONE, parseRulePath, type PatternStep, type Step } from './path.js';
import { problemOfRule } from './rule-problem.js';

/** Rules made ready: `root` is what they say of the whole result, and leads to what they say of each part. */
export interface CompiledRules {
  readonly root: RuleState;
}

/** What the rules say of one place. */
export interface RuleState {
  /** No rule is about this place or any below: it is its own next. */
  readonly isFree: boolean;
  /** All differences here and below are waived: it is its own next. */
  readonly isIgnored: boolean;
  readonly tolerances: readonly Partial<NumericDelta>[];
  /** NaN without a rule. */
  readonly dateWithinMs: number;
  readonly isCaseInsensitive: boolean;
  readonly isUnordered: boolean;
  readonly keyFields: readonly string[];
  next(step: Step | typeof DEEP): RuleState;
}

/** How far one pattern has been followed: the place is reached by its first `at` steps. */
interface Reached {
  readonly rule: ReadableRule;
  readonly at: number;
}

interface ReadableRule {
  readonly index: number;
  readonly steps: readonly PatternStep[];
  readonly effect: ComparisonRule;
}

/** More places than this that rules tell apart are worked out anew each time. */
const STATE_LIMIT = 1_000;

/** Makes rules ready for comparing. Never throws; a rule that cannot be read is left out, and so waives nothing. */
export function compileRules(rules: readonly ComparisonRule[]): CompiledRules {
  const readable: ReadableRule[] = [];
  for (const effect of rules) {
    if (problemOfRule(effect) !== undefined) continue;
    const parsed = parseRulePath(effect.path);
    if ('steps' in parsed) readable.push({ index: readable.length, steps: parsed.steps, effect });
  }
  return {
    root: stateOf(
      readable.map((rule) => ({ rule, at: 0 })),
      new Map(),
    ),
  };
}

/** The rules' automaton, made as it is walked: one state for each set of pattern positions (Rabin and Scott, 1959). */
class ReachedState implements RuleState {
  readonly isFree: boolean;
  readonly isIgnored: boolean;
  readonly tolerances: readonly Partial<NumericDelta>[];
  readonly dateWithinMs: number;
  readonly isCaseInsensitive: boolean;
  readonly isUnordered: boolean;
  readonly keyFields: readonly string[];
  /** By the keys that patterns name here; undefined where that state has not been needed yet. */
  private readonly byKey = new Map<string, RuleState | undefined>();
  private other: RuleState | undefined;

  constructor(
    private readonly reached: readonly Reached[],
    private readonly states: Map<string, RuleState>,
  ) {
    const here = reached.filter(({ rule, at }) => at === rule.steps.length).map(({ rule }) => rule.effect);
    this.isFree = reached.length === 0;
    this.isIgnored = here.some(({ kind }) => kind === 'ignore');
    this.tolerances = here.filter((effect) => effect.kind === 'tolerance');
    this.dateWithinMs = here.reduce((most, each) => (each.kind === 'date' ? largest(most, each.withinMs) : most), NaN);
    this.isCaseInsensitive = here.some(({ kind }) => kind === 'caseInsensitive');
    this.isUnordered = here.some(({ kind }) => kind === 'unordered');
    this.keyFields = here.flatMap((effect) => (effect.kind === 'keyedBy' ? [effect.field] : []));
    for (const { rule, at } of reached) {
      const step = rule.steps[at];
      if (typeof step === 'string') this.byKey.set(step, undefined);
    }
  }

  next(step: Step | typeof DEEP): RuleState {
    if (this.isFree || this.isIgnored) return this;
    if (typeof step !== 'string' || !this.byKey.has(step)) return (this.other ??= this.after(undefined));
    const known = this.byKey.get(step) ?? this.after(step);
    this.byKey.set(step, known);
    return known;
  }

  private after(key: string | undefined): RuleState {
    const reached = this.reached.flatMap((each): readonly Reached[] => {
      const step = each.rule.steps[each.at];
      if (step === DEEP) return [each];
      return step !== undefined && (step === ONE || step === key) ? [{ rule: each.rule, at: each.at + 1 }] : [];
    });
    return stateOf(reached, this.states);
  }
}

function stateOf(reached: readonly Reached[], states: Map<string, RuleState>): RuleState {
  const all = new Map<string, Reached>();
  for (const { rule, at } of reached) {
    let end = at;
    all.set(`${rule.index}:${end}`, { rule, at: end });
    while (rule.steps[end] === DEEP) {
      end += 1;
      all.set(`${rule.index}:${end}`, { rule, at: end });
    }
  }
  const name = [...all.keys()].sort().join();
  const known = states.get(name);
  if (known !== undefined) return known;
  const state = new ReachedState([...all.values()], states);
  if (states.size < STATE_LIMIT) states.set(name, state);
  return state;
}

function largest(most: number, next: number): number {
  return most >= next ? most : next;
}

/** Compares without rules. */
export const NO_RULES: CompiledRules = compileRules([]);
