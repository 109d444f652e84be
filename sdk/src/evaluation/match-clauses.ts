import type { CompiledClause, CompiledOperator } from './clause.js';
import type { Match, Unknown } from './match.js';
import type { Segments } from './match-segment.js';
import type { Attributes } from './read-attribute.js';

/*
 * The evaluator's inner loop, flat on purpose: longer than what an engine inlines (460 bytes of V8's bytecode), it is
 * compiled by itself and always the same way, whatever is around it. One shape of clause; text compared as text and
 * numbers as numbers; functions that cannot be assigned again; no `for of`. Five rules took 2.7 times the floor of
 * `npm run bench` before, and take 1.5.
 *
 * A property is read at one of nine places in the source. An engine remembers for each place where the property it
 * reads lies; a place that reads many different ones forgets, and then a read costs several times as much. So the
 * first attributes that are met get a place each. Which place reads what is a matter of pace, never of the answer.
 */

/**
 * Answers the outcome of the first rule whose clauses all match, undefined when there is none, or why it cannot be
 * told. A clause that does not match decides, whatever else of its rule is unknown.
 */
export function findOutcome<Outcome>(
  first: CompiledClause<Outcome> | undefined,
  context: Attributes,
  segments: Segments,
): Outcome | Unknown | undefined {
  let undecided: Unknown | undefined;
  let clause = first;
  while (clause !== undefined) {
    let match: Match;
    if (clause.special !== undefined) {
      match = clause.special(context, segments);
    } else {
      const { key, negate } = clause;
      let value: unknown;
      switch (clause.place) {
        case 0:
          value = context[key];
          break;
        case 1:
          value = context[key];
          break;
        case 2:
          value = context[key];
          break;
        case 3:
          value = context[key];
          break;
        case 4:
          value = context[key];
          break;
        case 5:
          value = context[key];
          break;
        case 6:
          value = context[key];
          break;
        case 7:
          value = context[key];
          break;
        default:
          value = context[key];
      }
      if (typeof value === 'string') {
        switch (clause.kind) {
          case 'equalsText':
            match = (value === clause.text) !== negate;
            break;
          case 'anyText':
            match = isAnyOf(clause.texts, value) !== negate;
            break;
          case 'startsWith':
            match = holdsAt(value, clause.text, 0) !== negate;
            break;
          case 'endsWith':
            match = holdsAt(value, clause.text, value.length - clause.text.length) !== negate;
            break;
          default:
            match = matchValue(clause, negate, value);
        }
      } else if (typeof value === 'number') {
        switch (clause.kind) {
          case 'lessThan':
            match = value < clause.limit !== negate;
            break;
          case 'lessThanOrEqual':
            match = value <= clause.limit !== negate;
            break;
          case 'greaterThan':
            match = value > clause.limit !== negate;
            break;
          case 'greaterThanOrEqual':
            match = value >= clause.limit !== negate;
            break;
          default:
            match = matchValue(clause, negate, value);
        }
      } else {
        match = matchValue(clause, negate, value);
      }
    }
    if (match === false) {
      undecided = undefined;
      clause = clause.otherwise;
    } else {
      if (match !== true) undecided ??= match;
      if (clause.then === undefined) return undecided ?? clause.outcome;
      clause = clause.then;
    }
  }
  return undefined;
}

/**
 * Answers whether a value of any type satisfies an operator. An array does when any element does, and one within it is
 * not looked into; `negate` turns the answer for the whole array: no element matches.
 */
export function matchValue(operator: CompiledOperator, negate: boolean, value: unknown): Match {
  if (value === undefined || value === null) return false;
  const match = Array.isArray(value) ? testElements(operator, value) : operator.test(value);
  return match === true || match === false ? match !== negate : match;
}

const testElements = (operator: CompiledOperator, elements: readonly unknown[]): Match => {
  let answer: Match = false;
  for (const element of elements) {
    if (element === null || element === undefined) continue;
    const match = operator.test(element);
    if (match === true) return true;
    if (match !== false) answer = match;
  }
  return answer;
};

const isAnyOf = (texts: readonly string[], value: string): boolean => {
  for (let i = 0; i < texts.length; i += 1) if (value === texts[i]) return true;
  return false;
};

/** Answers whether a part stands at a place of a text: for a few characters quicker than `startsWith`, `endsWith`. */
const holdsAt = (text: string, part: string, at: number): boolean => {
  const length = part.length;
  if (at < 0 || at + length > text.length) return false;
  for (let i = 0; i < length; i += 1) if (text.charCodeAt(at + i) !== part.charCodeAt(i)) return false;
  return true;
};
