import type {
  Clause,
  EvaluationContext,
  JsonValue,
  Serve,
  Snapshot,
  SnapshotFlag,
  SnapshotSegment,
} from '@sluice/sdk/evaluation';

/** Answers the next number of a seeded sequence, from 0 up to 1; mulberry32, public domain. */
function randomSequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

const NAMES = ['ada', 'bob', 'eve', 'joe', 'user-1', 'user-2', 'user-3'];
const WORDS = ['alpha', 'beta', 'alphabet', 'bet', 'a', 'Zürich', '東京', '', 'a"b$&c', '5', 'true'];
const VERSIONS = ['1.2.3', '1.3.0', '2.0.0', '0.4.1', '1.2.3-rc.1', 'v1.2.4', '2.0.0+build'];
const NO_VERSIONS = ['1.2', 'V1.2.3', 'vv1.2.3', 'latest', '1.2.3.4', ' 1.2.3 ', '1.2.3\n', '', '7'];
const RANGES = ['>=1.2.0', '<2', '^1.2', '~1.2.3', '1.x || >=2.0.0', '>=1.2.3-rc.1', '*', '=1.2.3', '1.2.3 - 2'];
const SHARES = [
  [33_333, 33_334, 33_333],
  [50_000, 50_000, 0],
  [1, 99_998, 1],
  [7_919, 12_345, 79_736],
  [0, 0, 100_000],
  [99_999, 0, 1],
];
/** Attributes without text beyond ASCII, which not every client of flagd hashes by its UTF-8 bytes. */
const HASHED = ['tenant', 'age', 'version', '/address/zip', 'targetingKey'];
const VALUES: Readonly<Record<SnapshotFlag['type'], readonly JsonValue[]>> = {
  boolean: [true, false],
  string: ['red', '', 'Grüße "quoted" $& 東京'],
  number: [0, -1.5, 9_007_199_254_740_991],
  json: [{ size: 1 }, { list: [1, 'a', null], deep: { ok: true } }, {}],
};

/**
 * Seeded test data of every shape that Sluice stores: all types, targets, rules, splits with odd weights, segments
 * within segments, prerequisites, flags that are off, and clauses that flagd cannot say.
 */
export function aRandomEnvironment(seed: number, flagCount: number): Snapshot {
  const next = randomSequence(seed);
  const segments = ['inner', 'outer', 'staff'].map((key, index) =>
    aRandomSegment(next, key, index === 1 ? ['inner'] : []),
  );
  const flags: SnapshotFlag[] = [];
  for (let index = 0; index < flagCount; index += 1) flags.push(aRandomFlag(next, `flag-${index}`, flags));
  return { schemaVersion: 1, project: 'shop', environment: 'live', revision: 1, flags, segments };
}

/** Seeded contexts: most with an ASCII targetingKey, attributes there or not, of the types that clauses ask for or not. */
export function someRandomContexts(seed: number, count: number): readonly EvaluationContext[] {
  const next = randomSequence(seed);
  return Array.from({ length: count }, () => aRandomContext(next));
}

type Next = () => number;

const oneOf = <T>(next: Next, values: readonly [T, ...T[]] | readonly T[]): T =>
  values[Math.floor(next() * values.length)] as T; // safe: no list here is empty
const someOf = <T>(next: Next, values: readonly T[], most: number): readonly T[] =>
  Array.from({ length: 1 + Math.floor(next() * most) }, () => oneOf(next, values));
const sum = (a: number, b: number): number => a + b;
const chance = (next: Next, share: number): boolean => next() < share;

function aRandomContext(next: Next): EvaluationContext {
  const word = (): JsonValue => oneOf(next, WORDS);
  const attributes: [string, () => JsonValue][] = [
    ['targetingKey', () => (chance(next, 0.4) ? oneOf(next, NAMES) : `user-${Math.floor(next() * 100_000)}`)],
    ['plan', () => (chance(next, 0.8) ? word() : oneOf<JsonValue>(next, [true, 5, null, ['alpha', 7], { a: 1 }]))],
    [
      'groups',
      () => Array.from({ length: Math.floor(next() * 4) }, () => oneOf<JsonValue>(next, [word(), 5, null, true])),
    ],
    ['age', () => oneOf<JsonValue>(next, [0, 3, 4.5, -7, 9, 1e21, '4', 'old', true, null, [4], [[4]], { a: 1 }])],
    ['version', () => oneOf<JsonValue>(next, [...VERSIONS, ...VERSIONS, ...NO_VERSIONS, 7, 1.2, null])],
    ['tenant', () => oneOf<JsonValue>(next, ['acme', 'globex', 12, 0.1, true, false, '', null, ['acme'], 'T-9'])],
    [
      'address',
      () =>
        chance(next, 0.8)
          ? { city: word(), zip: Math.floor(next() * 9999), lines: ['a', 'bet'] }
          : oneOf<JsonValue>(next, ['a', 5, {}]),
    ],
  ];
  const given = attributes.filter(([name]) => chance(next, name === 'targetingKey' ? 0.95 : 0.8));
  return Object.fromEntries(given.map(([name, value]) => [name, value()]));
}

function aRandomClause(next: Next, segments: readonly string[]): Clause {
  const negate = chance(next, 0.3);
  const clause = (attribute: string, operator: string, values: readonly JsonValue[]): Clause => ({
    attribute,
    operator,
    values,
    negate,
  });
  const text = oneOf(next, ['plan', 'groups', '/address/city', 'targetingKey', 'nothing']);
  const parts = someOf(
    next,
    WORDS.filter((word) => word !== ''),
    3,
  );
  const roll = next();
  if (roll < 0.25) return clause(text, 'in', someOf<JsonValue>(next, [...WORDS, 5, 7, true, 'ada'], 4));
  if (roll < 0.45) return clause(text, oneOf(next, ['startsWith', 'endsWith', 'contains']), parts);
  if (roll < 0.65) {
    const operator = oneOf(next, ['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual']);
    return clause(oneOf(next, ['age', 'plan', 'groups']), operator, someOf(next, [0, 3, 4, 4.5, 9], 2));
  }
  if (roll < 0.78) return clause('version', 'semver', someOf(next, RANGES, 2));
  if (roll < 0.88) return clause(oneOf(next, ['plan', 'age', '/address/city', 'nothing']), 'exists', []);
  if (roll < 0.98 || segments.length === 0) {
    if (segments.length > 0) return clause('', 'inSegment', someOf(next, segments, 2));
    return clause('targetingKey', 'in', someOf(next, NAMES, 3));
  }
  return oneOf(next, [
    clause('plan', 'matches', ['^al']),
    clause('address', 'cidr', ['10.0.0.0/8']),
    clause('age', 'before', ['2026-01-01T00:00:00Z']),
    clause('first.name', 'in', ['ada']),
  ]);
}

function aRandomSegment(next: Next, key: string, named: readonly string[]): SnapshotSegment {
  const rules = Array.from({ length: Math.floor(next() * 3) }, () => ({
    clauses: Array.from({ length: 1 + Math.floor(next() * 2) }, () => carried(next, named)),
  }));
  return { key, included: [...new Set(someOf(next, NAMES, 2))], excluded: [...new Set(someOf(next, NAMES, 2))], rules };
}

/** What flagd cannot say stands in flags only: in a segment it would take too many of them along. */
function carried(next: Next, named: readonly string[]): Clause {
  for (;;) {
    const clause = aRandomClause(next, named);
    const isSaid = !['matches', 'cidr', 'before'].includes(clause.operator) && clause.attribute !== 'first.name';
    if (isSaid) return clause;
  }
}

function aRandomFlag(next: Next, key: string, earlier: readonly SnapshotFlag[]): SnapshotFlag {
  const type = oneOf(next, ['boolean', 'string', 'number', 'json'] as const);
  const variations = VALUES[type].map((value, index) => ({ key: ['on', 'off', 'other'][index] ?? 'on', value }));
  const keys = variations.map((variation) => variation.key);
  const serve = (): Serve => {
    if (chance(next, 0.45)) return { variation: oneOf(next, keys) };
    const weights = oneOf(next, SHARES);
    const shares = keys.map((variation, index) => {
      const isLast = index === keys.length - 1;
      return { variation, share: isLast ? weights.slice(index).reduce(sum) : (weights[index] ?? 0) };
    });
    return {
      split: {
        shares,
        ...(chance(next, 0.4) ? { seed: oneOf(next, ['salt', '', key]) } : {}),
        ...(chance(next, 0.35) ? { bucketBy: oneOf(next, HASHED) } : {}),
        ...(chance(next, 0.5) ? { fallback: oneOf(next, keys) } : {}),
      },
    };
  };
  const required = earlier.length > 0 && chance(next, 0.15) ? oneOf(next, earlier) : undefined;
  return {
    key,
    type,
    version: 1,
    on: chance(next, 0.85),
    variations,
    ...(chance(next, 0.7) ? { offVariation: oneOf(next, keys) } : {}),
    targets: chance(next, 0.4) ? [{ variation: oneOf(next, keys), values: [...new Set(someOf(next, NAMES, 3))] }] : [],
    rules: Array.from({ length: Math.floor(next() * 4) }, (_, index) => ({
      id: `rule-${index}`,
      clauses: Array.from({ length: Math.floor(next() * 3) + (chance(next, 0.95) ? 1 : 0) }, () =>
        aRandomClause(next, ['inner', 'outer', 'staff']),
      ),
      serve: serve(),
    })),
    ...(chance(next, 0.9) ? { defaultServe: serve() } : {}),
    prerequisites:
      required === undefined ? [] : [{ flag: required.key, variations: [required.variations[0]?.key ?? 'on'] }],
    ...(chance(next, 0.3) ? { metadata: { owner: 'checkout', tier: 2, beta: true } } : {}),
  };
}
