import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bucketOf } from './bucket.js';
import { compileSnapshot } from './compile-snapshot.js';
import type { EvaluationContext } from './context.js';
import { evaluate } from './evaluate.js';
import { type Decision, explain } from './explain.js';
import type { Clause, Serve, SnapshotFlag } from './snapshot.js';
import { aClause, aFlag, aRule, aSegment, aSnapshot, aSplit } from './testing/builders.js';

const staff = aSegment('staff', { included: ['ada'], rules: [{ clauses: [aClause('plan', 'in', ['staff'])] }] });
const base = aFlag('base', { defaultServe: { variation: 'b' } });
const explained = (parts: Partial<SnapshotFlag>, context: EvaluationContext = {}) =>
  explain(
    compileSnapshot(aSnapshot([aFlag('flag', parts), base, aFlag('off', { on: false })], [staff])),
    'flag',
    context,
  );

describe('An explanation', () => {
  it.each<[string, Partial<SnapshotFlag>, EvaluationContext, Decision, string | undefined]>([
    ['off', { on: false }, {}, 'off', 'c'],
    ['the default', {}, {}, 'default', 'a'],
    ['a target', { targets: [{ variation: 'b', values: ['ada'] }] }, { targetingKey: 'ada' }, 'target', 'b'],
    ['a rule', { rules: [aRule(aClause('', 'inSegment', ['staff']))] }, { plan: 'staff' }, 'rule', 'b'],
    ['a prerequisite', { prerequisites: [{ flag: 'base', variations: ['a'] }] }, {}, 'prerequisite', 'c'],
    ['a prerequisite that is off', { prerequisites: [{ flag: 'off', variations: ['c'] }] }, {}, 'prerequisite', 'c'],
    ['itself in a circle', { prerequisites: [{ flag: 'flag', variations: ['a'] }] }, {}, 'prerequisite', undefined],
  ])('says that it was %s', (_name, parts, context, decision, variant) => {
    expect(explained(parts, context)).toMatchObject({ decision, evaluation: { variant } });
  });

  it('says of each clause what was looked at, and whether it matched', () => {
    const rules = [
      { ...aRule(aClause('age', 'lessThan', [18]), aClause('/address/city', 'in', ['Bern'])), id: 'young' },
      { ...aRule(aClause('plan', 'isFrom', ['later'])), id: 'later' },
      { ...aRule(), id: 'all' },
    ];
    const { rules: told, ...rest } = explained({ rules }, { age: 20, address: { city: 'Bern' }, plan: 'x' });
    expect(rest).toMatchObject({
      decision: 'rule',
      ruleIndex: 1,
      evaluation: { reason: 'ERROR', errorCode: 'GENERAL' },
    });
    expect(told.map(({ id, match, isReached }) => [id, match, isReached])).toEqual([
      ['young', 'no', true],
      ['later', 'unknown', true],
      ['all', 'yes', false],
    ]);
    expect(told[0]?.clauses).toEqual([
      { match: 'no', value: 20, problem: undefined },
      { match: 'yes', value: 'Bern', problem: undefined },
    ]);
    expect(told[1]?.clauses).toMatchObject([{ match: 'unknown', problem: expect.stringMatching(/isFrom/u) }]);
  });

  it('says where a split puts a context, and when there is nothing to hash', () => {
    const defaultServe = aSplit([30_000, 70_000], { bucketBy: 'tenant', seed: 's' });
    const at = { bucketBy: 'tenant', seed: 's', total: 100_000 };
    expect(explained({ defaultServe }, { tenant: 7 }).bucket).toEqual({ ...at, bucket: bucketOf('s', '7', 100_000) });
    expect(explained({ defaultServe }, { targetingKey: 'ada' })).toMatchObject({
      bucket: { ...at, bucket: undefined },
      evaluation: { errorCode: 'INVALID_CONTEXT' },
    });
  });

  it('says what prerequisites asked for and got', () => {
    const prerequisites = [
      { flag: 'base', variations: ['b', 'c'] },
      { flag: 'gone', variations: ['a'] },
    ];
    expect(explained({ prerequisites }).prerequisites).toEqual([
      { flag: 'base', wanted: ['b', 'c'], served: 'b', isMet: true },
      { flag: 'gone', wanted: ['a'], served: undefined, isMet: false },
    ]);
  });

  it('says that there is no flag, or that it cannot be read', () => {
    const broken = { ...aFlag('broken'), variations: 'none' } as unknown as SnapshotFlag;
    const compiled = compileSnapshot(aSnapshot([broken]));
    expect(explain(compiled, 'gone', {})).toMatchObject({
      decision: 'missing',
      evaluation: { errorCode: 'FLAG_NOT_FOUND' },
    });
    expect(explain(compiled, 'broken', {})).toMatchObject({
      decision: 'malformed',
      evaluation: { errorCode: 'PARSE_ERROR' },
    });
  });

  it('always comes to what an evaluation comes to', () => {
    const variation = fc.constantFrom('a', 'b', 'c', 'missing');
    const serve: fc.Arbitrary<Serve> = fc.oneof(
      variation.map((each) => ({ variation: each })),
      fc
        .tuple(
          fc.integer({ min: -5, max: 100 }),
          fc.integer({ min: 0, max: 100 }),
          fc.constantFrom('targetingKey', 'plan', '/~'),
        )
        .map(([one, other, bucketBy]) => aSplit([one, other], { bucketBy })),
      fc.constant({} as Serve),
    );
    const clause: fc.Arbitrary<Clause> = fc
      .record({
        attribute: fc.constantFrom('plan', 'age', '/address/city', '/~', 'constructor'),
        operator: fc.constantFrom('in', 'lessThan', 'exists', 'startsWith', 'inSegment', 'semver', 'fromLater'),
        values: fc.array(fc.constantFrom<string | number>('staff', 'x', '1.0.0', 3), { maxLength: 2 }),
        negate: fc.boolean(),
      })
      .map((each) => each);
    const target = fc.record({ variation, values: fc.constantFrom(['ada'], ['bob'], null as unknown as string[]) });
    const flagOf = (key: string) =>
      fc
        .record({
          on: fc.boolean().chain((on) => (on ? fc.constant(true) : fc.boolean())),
          targets: fc.array(target, { maxLength: 2 }),
          rules: fc.array(fc.record({ id: fc.constant('r'), clauses: fc.array(clause, { maxLength: 3 }), serve }), {
            maxLength: 3,
          }),
          defaultServe: serve,
          prerequisites: fc.array(
            fc.record({
              flag: fc.constantFrom('flag', 'other', 'gone'),
              variations: fc.array(variation, { maxLength: 2 }),
            }),
            { maxLength: 1 },
          ),
        })
        .map((parts) => aFlag(key, parts));
    const context = fc.record(
      {
        targetingKey: fc.constantFrom('ada', 'bob', ''),
        plan: fc.constantFrom<string | number | null>('staff', 'x', 7, null),
        age: fc.integer({ min: 0, max: 5 }),
        address: fc.constant({ city: 'x' }),
      },
      { requiredKeys: [] },
    );
    const decided = new Map<string, number>();
    fc.assert(
      fc.property(flagOf('flag'), flagOf('other'), context, (flag, other, each) => {
        const compiled = compileSnapshot(aSnapshot([flag, other], [staff]));
        const { evaluation, decision } = explain(compiled, 'flag', each);
        expect(evaluation).toEqual(evaluate(compiled, 'flag', each));
        decided.set(decision, (decided.get(decision) ?? 0) + 1);
      }),
      { numRuns: 4_000, seed: 20_261_121 },
    );
    for (const word of ['malformed', 'off', 'prerequisite', 'target', 'rule', 'default']) {
      expect([word, (decided.get(word) ?? 0) >= 50]).toEqual([word, true]);
    }
  });
});
