import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileSnapshot } from './compile-snapshot.js';
import type { EvaluationContext } from './context.js';
import { evaluate } from './evaluate.js';
import type { Evaluation } from './reason.js';
import { OPERATORS, type Snapshot, type SnapshotFlag, type SnapshotSegment } from './snapshot.js';
import { aClause, aFlag, aRule, aSegment, aSnapshot, aSplit } from './testing/builders.js';

const alice = { targetingKey: 'alice' };

/** Evaluates what JSON could not hold, too. */
function evaluateAnything(snapshot: unknown, key: unknown, context: unknown): Evaluation {
  const compiled = compileSnapshot(snapshot as Snapshot); // the tests' point: it may be anything
  return evaluate(compiled, key as string, context as EvaluationContext);
}

function evaluateFlag(
  parts: Partial<SnapshotFlag>,
  context: unknown,
  segments: readonly SnapshotSegment[] = [],
): Evaluation {
  return evaluateAnything(aSnapshot([aFlag('f', parts)], segments), 'f', context);
}

describe('evaluate', () => {
  it('answers shared, deeply frozen evaluations', () => {
    const metadata = { team: 'checkout' };
    const variations = [{ key: 'a', value: { list: [{ deep: true }] } }];
    const compiled = compileSnapshot(
      aSnapshot([aFlag('f', { variations, metadata, rules: [aRule()], defaultServe: { variation: 'a' } })]),
    );
    const first = evaluate(compiled, 'f', {});
    expect(evaluate(compiled, 'f', {})).toBe(first);
    const served = evaluateFlag({ variations, metadata }, {});
    expect(served.flagMetadata).toEqual(metadata);
    expect(() => Object.assign(served, { value: 1 })).toThrow(TypeError);
    expect(() => Object.assign(served.flagMetadata, { team: 'x' })).toThrow(TypeError);
    expect(Object.isFrozen(variations[0]?.value.list[0])).toBe(true);
  });

  it.each<[string, Partial<SnapshotFlag>]>([
    ['a target', { targets: [{ variation: 'b', values: ['bob'] }] }],
    ['a rule', { rules: [aRule(aClause('x', 'in', [1]))] }],
    ['a prerequisite that is met', { prerequisites: [{ flag: 'g', variations: ['a'] }] }],
  ])('never says STATIC when there is %s', (_name, parts) => {
    const answer = evaluateAnything(aSnapshot([aFlag('f', parts), aFlag('g')]), 'f', alice);
    expect([answer.variant, answer.reason]).toEqual(['a', 'DEFAULT']);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['undefined', undefined],
    ['a number', 5],
    ['text', 'alice'],
    ['a function', () => undefined],
  ])('takes a context that is %s for an empty one', (_name, context) => {
    expect(evaluateFlag({ rules: [aRule(aClause('x', 'exists'))] }, context)).toMatchObject({ variant: 'a' });
    expect(evaluateFlag({ defaultServe: aSplit([1, 1]) }, context)).toMatchObject({
      errorCode: 'TARGETING_KEY_MISSING',
    });
  });

  it.each<[string, unknown]>([
    ['an inherited attribute', Object.create({ plan: 'pro', targetingKey: 'alice' })],
    [
      'a getter of a class',
      new (class {
        get plan() {
          return 'pro';
        }
        get targetingKey() {
          return 'alice';
        }
      })(),
    ],
  ])('sees %s', (_name, context) => {
    expect(evaluateFlag({ rules: [aRule(aClause('plan', 'in', ['pro']))] }, context).variant).toBe('b');
    expect(evaluateFlag({ rules: [aRule(aClause('plan', 'in', ['x'], true))] }, context).variant).toBe('b');
    expect(evaluateFlag({ rules: [aRule(aClause('plan', 'exists', [], true))] }, context).variant).toBe('a');
    expect(evaluateFlag({ rules: [aRule(aClause('/plan', 'in', ['pro']))] }, context).variant).toBe('b');
    expect(evaluateFlag({ targets: [{ variation: 'b', values: ['alice'] }] }, context).variant).toBe('b');
    expect(evaluateFlag({ defaultServe: aSplit([1, 1]) }, context).reason).toBe('SPLIT');
    expect(evaluateFlag({ defaultServe: aSplit([1, 1], { bucketBy: 'plan' }) }, context).reason).toBe('SPLIT');
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'])(
    'does not see %s, which every object inherits, unless the context has its own',
    (attribute) => {
      const own = JSON.parse(`{"${attribute}":"mine","deep":{"${attribute}":"mine"}}`) as Record<string, unknown>;
      for (const path of [attribute, `/${attribute}`, `/deep/${attribute}`]) {
        const rules = [aRule(aClause(path, 'exists'))];
        expect(evaluateFlag({ rules }, { deep: {} }).variant).toBe('a');
        expect(evaluateFlag({ rules }, own).variant).toBe('b');
      }
    },
  );

  it('sees the own attributes of an instance, and of an object without prototype', () => {
    const rules = [aRule(aClause('plan', 'in', ['pro']))];
    expect(
      evaluateFlag(
        { rules },
        new (class {
          plan = 'pro';
        })(),
      ).variant,
    ).toBe('b');
    expect(evaluateFlag({ rules }, Object.assign(Object.create(null), { plan: 'pro' })).variant).toBe('b');
  });

  it('answers GENERAL when reading the context throws', () => {
    const context = {
      get plan(): string {
        throw new Error('no');
      },
    };
    expect(evaluateFlag({ rules: [aRule(aClause('plan', 'in', ['pro']))] }, context)).toMatchObject({
      reason: 'ERROR',
      errorCode: 'GENERAL',
      value: undefined,
    });
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(evaluateFlag({ rules: [aRule(aClause('plan', 'in', ['pro']))] }, proxy).errorCode).toBe('GENERAL');
  });

  it.each<[string, unknown, string | undefined]>([
    ['is before, as Date', new Date('2024-01-01T00:00:00Z'), 'b'],
    ['is not before, as Date', new Date('2026-01-01T00:00:00Z'), 'a'],
    ['is an invalid Date', new Date(NaN), 'a'],
  ])('compares a date that %s', (_name, date, variant) => {
    expect(
      evaluateFlag({ rules: [aRule(aClause('at', 'before', ['2025-01-01T00:00:00Z']))] }, { at: date }).variant,
    ).toBe(variant);
  });

  it.each<[string, unknown]>([
    ['NaN', NaN],
    ['Infinity', Infinity],
    ['an object', {}],
    ['an array', ['x']],
    ['null', null],
    ['a bigint', 1n],
    ['a symbol', Symbol('x')],
  ])('does not bucket by %s', (_name, tenant) => {
    const answer = evaluateFlag({ defaultServe: aSplit([1, 1], { bucketBy: 'tenant' }) }, { tenant });
    expect(answer.errorCode).toBe('INVALID_CONTEXT');
  });

  it('buckets numbers and booleans as their text', () => {
    const parts = { defaultServe: aSplit([1, 1, 1], { bucketBy: 'id' }) };
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()), (id) => {
        expect(evaluateFlag(parts, { id })).toEqual(evaluateFlag(parts, { id: String(id) }));
      }),
    );
  });

  it('walks long chains of prerequisites and segments, and gives up on circles and on what is too long', () => {
    const chain = (length: number): readonly SnapshotFlag[] =>
      Array.from({ length }, (_, i) =>
        aFlag(`f${i}`, i === length - 1 ? {} : { prerequisites: [{ flag: `f${i + 1}`, variations: ['a'] }] }),
      );
    expect(evaluateAnything(aSnapshot(chain(900)), 'f0', {})).toMatchObject({ variant: 'a', reason: 'DEFAULT' });
    expect(evaluateAnything(aSnapshot(chain(50_000)), 'f0', {})).toMatchObject({ errorCode: 'GENERAL' });
    expect(evaluateAnything(aSnapshot(chain(50_000)), 'f49500', {})).toMatchObject({ variant: 'a' });

    const nested = (length: number): readonly SnapshotSegment[] =>
      Array.from({ length }, (_, i) =>
        aSegment(`s${i}`, { rules: [{ clauses: [aClause('', 'inSegment', [`s${i + 1}`])] }] }),
      );
    const rules = [aRule(aClause('', 'inSegment', ['s0']))];
    const last = aSegment('s900', { included: ['alice'] });
    expect(evaluateFlag({ rules }, alice, [...nested(900), last])).toMatchObject({ variant: 'b' });
    expect(evaluateFlag({ rules }, alice, nested(50_000))).toMatchObject({ errorCode: 'GENERAL' });
  });

  it('ends where every flag or segment refers to the next twice', () => {
    const flags = Array.from({ length: 60 }, (_, i) =>
      aFlag(`f${i}`, { prerequisites: [1, 2].map(() => ({ flag: `f${i + 1}`, variations: ['a'] })) }),
    );
    expect(evaluateAnything(aSnapshot([...flags, aFlag('f60')]), 'f0', {})).toMatchObject({ errorCode: 'GENERAL' });
    const segments = Array.from({ length: 60 }, (_, i) =>
      aSegment(`s${i}`, { rules: [{ clauses: [aClause('', 'inSegment', [`s${i + 1}`, `s${i + 1}`])] }] }),
    );
    const rules = [aRule(aClause('', 'inSegment', ['s0']))];
    expect(evaluateFlag({ rules }, alice, segments)).toMatchObject({ errorCode: 'GENERAL' });
  });

  it('never throws, whatever the snapshot, the key and the context are', () => {
    fc.assert(
      fc.property(anySnapshot, fc.oneof(fc.constant('f'), fc.anything()), anyContext, (snapshot, key, context) => {
        const answer = evaluateAnything(snapshot, key, context);
        expect(answer.reason === 'ERROR').toBe(answer.errorCode !== undefined);
        if (answer.reason === 'ERROR') expect([answer.value, answer.variant]).toEqual([undefined, undefined]);
        expect(Object.isFrozen(answer)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it('says PARSE_ERROR of a malformed flag, and serves the others', () => {
    const snapshot = aSnapshot([aFlag('good')]);
    for (const broken of [
      { key: 'f' },
      { ...aFlag('f'), on: 'yes' },
      { ...aFlag('f'), rules: {} },
      { ...aFlag('f'), prerequisites: [1] },
    ]) {
      const mixed = { ...snapshot, flags: [null, 7, { key: 5 }, broken, ...snapshot.flags] };
      expect(evaluateAnything(mixed, 'f', {})).toMatchObject({ errorCode: 'PARSE_ERROR', value: undefined });
      expect(evaluateAnything(mixed, 'good', {})).toMatchObject({ variant: 'a', reason: 'STATIC' });
    }
  });
});

const weird = fc.oneof(
  fc.anything({
    withDate: true,
    withBigInt: true,
    withMap: true,
    withTypedArray: true,
    withNullPrototype: true,
    withSparseArray: true,
  }),
  fc.constant(
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('trap');
        },
      },
    ),
  ),
);
const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 9, arbitrary: arbitrary }, { weight: 1, arbitrary: weird });

const names = fc.constantFrom('a', 'b', 'c', 'x', '__proto__', 'constructor', 'f', 'g', 's', 't');
const clause = fc.record(
  {
    attribute: sometimes(
      fc.constantFrom('targetingKey', 'x', 'y', '/x/0', '/x/a', '/', '/~2', '__proto__', 'toString', ''),
    ),
    operator: sometimes(fc.constantFrom(...OPERATORS, 'later')),
    values: sometimes(
      fc.array(
        sometimes(
          fc.constantFrom('a', 's', 't', '(', '^a', '1.x', '10.0.0.0/8', '::/0', '2024-01-01T00:00:00Z', 1, 0, true),
        ),
        { maxLength: 3 },
      ),
    ),
    negate: sometimes(fc.boolean()),
  },
  { requiredKeys: ['operator'] },
);
const clauses = sometimes(fc.array(sometimes(clause), { maxLength: 3 }));
const served = sometimes(
  fc.oneof(
    fc.record({ variation: sometimes(names) }),
    fc.record({
      split: sometimes(
        fc.record(
          {
            bucketBy: sometimes(names),
            seed: sometimes(fc.string()),
            shares: sometimes(
              fc.array(sometimes(fc.record({ variation: names, share: sometimes(fc.integer()) })), { maxLength: 4 }),
            ),
          },
          { requiredKeys: ['shares'] },
        ),
      ),
    }),
  ),
);
const anyFlag = fc.record(
  {
    key: sometimes(names),
    on: sometimes(fc.boolean()),
    variations: sometimes(
      fc.array(sometimes(fc.record({ key: names, value: sometimes(fc.jsonValue()) })), { maxLength: 4 }),
    ),
    offVariation: sometimes(names),
    targets: sometimes(
      fc.array(sometimes(fc.record({ variation: names, values: sometimes(fc.array(names)) })), { maxLength: 2 }),
    ),
    rules: sometimes(fc.array(sometimes(fc.record({ clauses, serve: served })), { maxLength: 3 })),
    defaultServe: served,
    prerequisites: sometimes(
      fc.array(sometimes(fc.record({ flag: names, variations: sometimes(fc.array(names)) })), { maxLength: 2 }),
    ),
    metadata: weird,
  },
  { requiredKeys: ['key', 'on', 'variations'] },
);
const anySegment = fc.record({
  key: sometimes(names),
  included: sometimes(fc.array(sometimes(names))),
  excluded: sometimes(fc.array(sometimes(names))),
  rules: sometimes(fc.array(sometimes(fc.record({ clauses })), { maxLength: 2 })),
});
const anySnapshot = sometimes(
  fc.record({
    flags: sometimes(fc.array(sometimes(anyFlag), { maxLength: 4 })),
    segments: sometimes(fc.array(sometimes(anySegment), { maxLength: 3 })),
  }),
);
const anyContext = sometimes(
  fc.record(
    { targetingKey: sometimes(names), x: sometimes(fc.constantFrom('a', 1, ['a', null], { a: 1 })), y: weird },
    { requiredKeys: [] },
  ),
);
