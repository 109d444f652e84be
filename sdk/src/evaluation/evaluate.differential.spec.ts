import { describe, expect, it } from '@jest/globals';
import { FlagdCore } from '@openfeature/flagd-core';
import fc from 'fast-check';
import { bucketOf } from './bucket.js';
import { compileSnapshot } from './compile-snapshot.js';
import type { EvaluationContext } from './context.js';
import { evaluate } from './evaluate.js';
import type { Clause, Serve, SnapshotFlag, SnapshotSegment } from './snapshot.js';
import { aClause, aFlag, aSegment, aSnapshot, aSplit } from './testing/builders.js';
import { toFlagd } from './testing/to-flagd.js';

const RUNS = 2000;
const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

/** Starts flagd's evaluator; a value that it leaves to the caller is undefined in its answers. */
function startFlagd(
  flag: SnapshotFlag,
  segments: readonly SnapshotSegment[],
  interpret = false,
): (context: EvaluationContext) => unknown {
  const core = new FlagdCore(undefined, silent, { disableDynamicCodeGeneration: interpret });
  core.setConfigurations(toFlagd(flag, segments));
  return (context) => {
    const answer = core.resolve('string', flag.key, 'the caller decides', context as Record<string, never>); // safe: JSON
    const isLeft = answer.variant === undefined;
    return { value: isLeft ? undefined : answer.value, variant: answer.variant, reason: answer.reason };
  };
}

/** Our answer in flagd's words: it has no reason SPLIT, and answers an off flag without its off variation. */
function askOurselves(flag: SnapshotFlag, segments: readonly SnapshotSegment[], context: EvaluationContext): unknown {
  const answer = evaluate(compileSnapshot(aSnapshot([flag], segments)), flag.key, context);
  expect(answer.errorCode).toBeUndefined();
  if (answer.reason === 'DISABLED') return { value: undefined, variant: undefined, reason: 'DISABLED' };
  const reason = answer.reason === 'SPLIT' ? 'TARGETING_MATCH' : answer.reason;
  return { value: answer.value, variant: answer.variant, reason };
}

const seen = new Map<string, number>();
const count = (word: string): void => void seen.set(word, (seen.get(word) ?? 0) + 1);

const name = fc.constantFrom('ada', 'bob', 'eve', 'joe', 'user-1', 'user-2');
const ascii = fc.oneof(name, fc.string({ minLength: 1, maxLength: 12 }));
const word = fc.constantFrom('alpha', 'beta', 'alphabet', 'bet', 'a', '');
const version = fc.tuple(...[4, 4, 4].map((max) => fc.integer({ min: 0, max }))).map((parts) => parts.join('.'));
const stamp = fc.integer({ min: 1_700_000_000_000, max: 1_700_000_000_003 });
const wrongType = fc.constantFrom<boolean | number | null>(true, 7, null);

const context = fc.record(
  {
    targetingKey: ascii,
    plan: fc.oneof({ weight: 5, arbitrary: word }, { weight: 1, arbitrary: wrongType }),
    tenant: fc.oneof(ascii, fc.integer(), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true })),
    age: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(null)),
    at: stamp,
    version: fc.oneof(
      { weight: 5, arbitrary: version },
      { weight: 1, arbitrary: fc.constantFrom('latest', '1.2.3.4', '') },
    ),
    groups: fc.array(word, { maxLength: 3 }),
    address: fc.record({ city: word }, { requiredKeys: [] }),
  },
  { requiredKeys: ['targetingKey', 'tenant'] },
);

const values = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(value, { maxLength: 3 });
const clauseOf = (
  attribute: readonly string[],
  operator: readonly string[],
  operands: fc.Arbitrary<Clause['values']>,
): fc.Arbitrary<Clause> =>
  fc
    .tuple(fc.constantFrom(...attribute), fc.constantFrom(...operator), operands, fc.boolean())
    .map(([a, o, v, negate]) => aClause(a, o, v, negate));

const attributeClause = fc.oneof(
  clauseOf(['plan', 'groups', '/address/city'], ['in'], values(fc.oneof(word, fc.constantFrom(true, 7)))),
  clauseOf(['plan', '/address/city'], ['startsWith', 'endsWith'], values(word)),
  clauseOf(['/address/city', 'groups'], ['contains'], values(word.filter((part) => part !== ''))),
  clauseOf(
    ['age'],
    ['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual'],
    values(fc.integer({ min: 0, max: 9 })),
  ),
  clauseOf(['age'], ['in'], values(fc.integer({ min: 0, max: 9 }))),
  clauseOf(['at'], ['before', 'after'], values(stamp)),
  clauseOf(
    ['version'],
    ['semver'],
    values(
      fc.oneof(
        fc.tuple(fc.constantFrom('<', '<=', '>', '>=', '='), version).map((parts) => parts.join('')),
        fc
          .tuple(fc.constantFrom('^1', '^2', '~0', '~1'), version)
          .map(([operator, each]) => `${operator}${each.slice(1)}`),
      ),
    ),
  ),
  clauseOf(['plan', 'age', 'groups', '/address/city', 'nothing'], ['exists'], fc.constant([])),
);
const segmentClause = clauseOf([''], ['inSegment'], values(fc.constantFrom('inner', 'outer', 'missing')));
const innerClause = clauseOf([''], ['inSegment'], fc.constant(['inner']));

const segmentOf = (key: string, clause: fc.Arbitrary<Clause>): fc.Arbitrary<SnapshotSegment> =>
  fc
    .record({
      included: values(name),
      excluded: values(name),
      rules: fc.array(fc.record({ clauses: fc.array(clause, { maxLength: 2 }) }), { maxLength: 2 }),
    })
    .map((parts) => aSegment(key, parts));
const segments = fc.tuple(
  segmentOf('inner', attributeClause),
  segmentOf('outer', fc.oneof(attributeClause, innerClause)),
);

const variation = fc.constantFrom('a', 'b', 'c');
const split = fc
  .tuple(
    fc.array(fc.integer({ min: -10, max: 100_000 }), { minLength: 1, maxLength: 3 }),
    fc.record({ seed: ascii, bucketBy: fc.constantFrom('targetingKey', 'tenant') }, { requiredKeys: [] }),
  )
  .filter(([shares]) => shares.some((share) => share > 0))
  .map(([shares, parts]) => aSplit(shares, parts));
const serve: fc.Arbitrary<Serve> = fc.oneof(
  variation.map((each) => ({ variation: each })),
  split,
);

const flag = fc
  .record(
    {
      on: fc.boolean().chain((on) => (on ? fc.constant(true) : fc.boolean())),
      targets: fc.array(fc.record({ variation, values: values(name) }), { maxLength: 2 }),
      rules: fc.array(
        fc.record({
          id: fc.constant('r'),
          clauses: fc.array(fc.oneof(attributeClause, segmentClause), { maxLength: 3 }),
          serve,
        }),
        { maxLength: 3 },
      ),
      defaultServe: fc.option(serve, { nil: undefined }),
    },
    { requiredKeys: ['on', 'targets', 'rules', 'defaultServe'] },
  )
  .map(({ defaultServe, ...parts }) => {
    const { defaultServe: _standard, ...bare } = aFlag('flag-of-test', parts);
    return defaultServe === undefined ? bare : { ...bare, defaultServe };
  });

describe('our evaluator and flagd-core 4.0.1', () => {
  it('agree on value, variant and reason', () => {
    fc.assert(
      fc.property(
        flag,
        segments,
        fc.array(context, { minLength: 3, maxLength: 3 }),
        fc.boolean(),
        (f, s, contexts, interpret) => {
          const askFlagd = startFlagd(f, s, interpret);
          for (const each of contexts) {
            const answer = askOurselves(f, s, each);
            expect(answer).toEqual(askFlagd(each));
            count((answer as { reason: string }).reason); // safe: built above
          }
          for (const { operator } of f.rules.flatMap(({ clauses }) => clauses)) count(operator);
        },
      ),
      { numRuns: RUNS, seed: 20_260_101 },
    );
  }, 120_000);

  it('agree on every single operator alone', () => {
    const lone = (clause: Clause): SnapshotFlag =>
      aFlag('lone', { rules: [{ id: 'r', clauses: [clause], serve: { variation: 'b' } }] });
    fc.assert(
      fc.property(fc.oneof(attributeClause, segmentClause), segments, context, (clause, s, each) => {
        expect(askOurselves(lone(clause), s, each)).toEqual(startFlagd(lone(clause), s)(each));
        count(clause.operator);
      }),
      { numRuns: RUNS, seed: 20_260_102 },
    );
  }, 120_000);

  it('agree on every bucket of ASCII keys, whatever the total', () => {
    const shares = fc.array(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 700_000_000 })), {
      minLength: 3,
      maxLength: 3,
    });
    fc.assert(
      fc.property(
        shares.filter((each) => each.some((share) => share > 0)),
        ascii,
        (each, targetingKey) => {
          const f = aFlag('split', { defaultServe: aSplit(each) });
          expect(askOurselves(f, [], { targetingKey })).toEqual(startFlagd(f, [])({ targetingKey }));
        },
      ),
      { numRuns: 1000, seed: 20_260_103 },
    );
  }, 120_000);

  it('disagree on text beyond ASCII, which flagd-core hashes by UTF-16 units and not by UTF-8 bytes', () => {
    const f = aFlag('split', { defaultServe: aSplit([50_000, 50_000]) });
    const keys = Array.from({ length: 200 }, (_, index) => `Zürich-${index}`);
    const differing = keys.filter((targetingKey) => {
      const ours = askOurselves(f, [], { targetingKey }) as { variant: string }; // safe: built above
      expect(ours.variant).toBe(bucketOf('split', targetingKey, 100_000) < 50_000 ? 'a' : 'b');
      const theirs = startFlagd(f, [])({ targetingKey }) as { variant: string }; // safe: built above
      return ours.variant !== theirs.variant;
    });
    expect(differing.length).toBeGreaterThan(50); // about half; 0 once flagd-core hashes bytes: then drop this test
  });

  it('have compared every reason, and every operator that flagd can express', () => {
    const words = ['STATIC', 'DEFAULT', 'TARGETING_MATCH', 'DISABLED', 'in', 'startsWith', 'endsWith', 'contains'];
    const operators = [
      'lessThan',
      'lessThanOrEqual',
      'greaterThan',
      'greaterThanOrEqual',
      'before',
      'after',
      'semver',
      'exists',
      'inSegment',
    ];
    for (const each of [...words, ...operators]) expect([each, (seen.get(each) ?? 0) >= 50]).toEqual([each, true]);
  });
});
