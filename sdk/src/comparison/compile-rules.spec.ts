import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ComparisonRule } from '../evaluation/comparison-rule.js';
import { compilePaths } from './compile-paths.js';
import { compileRules, type RuleState } from './compile-rules.js';
import { DEEP, formatPath, ONE, parsePath, type PatternStep, POSITION, type Step } from './path.js';

const stateAt = (rules: readonly ComparisonRule[], path: string): RuleState =>
  (parsePath(path) ?? []).reduce<RuleState>((state, step) => state.next(step), compileRules(rules).root);
const ignore = (path: string): ComparisonRule => ({ id: path, path, kind: 'ignore' });

describe('compileRules', () => {
  it.each([
    ['$.at', '$.at', true],
    ['$.at', '$.at.ms', true],
    ['$.at', '$', false],
    ['$.at', '$.attic', false],
    ['$.items[*].at', '$.items[*].at', true],
    ['$.items.*.at', '$.items[*].at', true],
    ['$.items[*].at', '$.items.at', false],
    ['$.*.at', '$.first.at', true],
    ['$.**.at', '$.at', true],
    ['$.**.at', '$.a.b[*].at', true],
    ['$.**.at', '$.a.b', false],
    ['$.a.**.b.**.c', '$.a.x.b.y.z.c', true],
    ['$.a.**.b.**.c', '$.a.b.c', true],
    ['$.a.**.b.**.c', '$.a.c.b', false],
    ["$['content-type']", "$['content-type']", true],
  ])('%s ignores %s: %s', (pattern, path, isIgnored) =>
    expect(stateAt([ignore(pattern)], path).isIgnored).toBe(isIgnored),
  );

  it('applies every other effect at its path alone', () => {
    const rules: readonly ComparisonRule[] = [
      { id: '1', path: '$.a', kind: 'tolerance', absolute: 1 },
      { id: '2', path: '$.a', kind: 'date', withinMs: 5 },
      { id: '3', path: '$.*', kind: 'date', withinMs: 7 },
      { id: '4', path: '$.**', kind: 'keyedBy', field: 'id' },
    ];
    expect(stateAt(rules, '$.a')).toMatchObject({ tolerances: [rules[0]], dateWithinMs: 7, keyFields: ['id'] });
    expect(stateAt(rules, '$.a.b')).toMatchObject({ tolerances: [], dateWithinMs: NaN, keyFields: ['id'] });
  });

  it('leaves out rules that cannot be read, and throws at none', () => {
    fc.assert(
      fc.property(fc.array(fc.anything()), (rules) => {
        // What a server might send is not known to be rules.
        expect(compileRules(rules as readonly ComparisonRule[]).root.isFree).toBe(true);
      }),
    );
    expect(compileRules([ignore('$'), ignore('nothing')]).root.isFree).toBe(true);
  });

  it('follows patterns that would make an automaton of a billion states', () => {
    const root = compileRules([ignore(`$.**.a${'.*'.repeat(28)}`)]).root;
    let state = root;
    for (let at = 0; at < 20_000; at += 1) state = state.next((at * 7919) % 5 < 2 ? 'a' : 'b');
    expect(state.isIgnored).toBe(true);
  });

  const key = fc.constantFrom('a', 'b');
  const step = fc.oneof(key, fc.constant<Step>(POSITION));
  const patternStep = fc.oneof(key, fc.constant<PatternStep>(ONE), fc.constant<PatternStep>(DEEP));

  it('and compilePaths agree with the definition of a pattern', () => {
    fc.assert(
      fc.property(
        fc.array(patternStep, { minLength: 1, maxLength: 5 }),
        fc.array(step, { maxLength: 6 }),
        (pattern, steps) => {
          const text = pattern.reduce<string>(
            (path, each) => path + (each === ONE ? '[*]' : each === DEEP ? '.**' : `.${String(each)}`),
            '$',
          );
          const named = isNamed(steps, pattern);
          expect(compilePaths([text])(formatPath(steps))).toBe(named);
          const rule: ComparisonRule = { id: 'r', path: text, kind: 'unordered' };
          expect(stateAt([rule], formatPath(steps)).isUnordered).toBe(named);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('compilePaths', () => {
  it('names no path that is cut short, but by **', () => {
    expect(compilePaths(['$.a.*'])('$.a.**')).toBe(false);
    expect(compilePaths(['$.a.**'])('$.a.**')).toBe(true);
  });

  it('names nothing by a pattern, and no path, that cannot be read', () => {
    expect(compilePaths(['a', '$[0]'])('a')).toBe(false);
    expect(compilePaths(['$.**'])('not a path')).toBe(false);
  });
});

/** By trying all ways. */
function isNamed(steps: readonly Step[], [wanted, ...pattern]: readonly PatternStep[]): boolean {
  if (wanted === undefined) return steps.length === 0;
  const [step, ...rest] = steps;
  if (wanted === DEEP) return isNamed(steps, pattern) || (step !== undefined && isNamed(rest, [DEEP, ...pattern]));
  return step !== undefined && (wanted === ONE || wanted === step) && isNamed(rest, pattern);
}
