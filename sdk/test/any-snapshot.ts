import fc from 'fast-check';
import type {
  Clause,
  JsonValue,
  Serve,
  SnapshotFlag,
  SnapshotPatch,
  SnapshotSegment,
} from '../src/evaluation/snapshot.js';
import { aClause, aFlag, aRule, aSegment, aSplit } from '../src/evaluation/testing/builders.js';

/** Keys of flags, some of which refer to each other; of segments; and of people. */
export const FLAG_KEYS = ['f', 'g', 'h', 'a "quoted" key', 'a\ttab', 'süß ☃ 🙂', '__proto__', ''] as const;
const SEGMENT_KEYS = ['s', 't'] as const;
export const PEOPLE = ['x', 'y', 'z'] as const;

const clause: fc.Arbitrary<Clause> = fc.oneof(
  fc.subarray([...PEOPLE]).map((names) => aClause('targetingKey', 'in', names)),
  fc.subarray([...SEGMENT_KEYS]).map((names) => aClause('', 'inSegment', names)),
  fc.constantFrom(aClause('name', 'of a later server'), aClause('text', 'contains', ['"flags":[', '\t', '\\'])),
);
const serve: fc.Arbitrary<Serve> = fc.oneof(
  fc.constantFrom('a', 'b', 'none').map((variation) => ({ variation })),
  fc.constantFrom(aSplit([1, 1]), aSplit([1, 2, 3], { seed: 'other' })),
);
// What JSON.parse reads.
const json = fc.json().map((text) => JSON.parse(text) as JsonValue);
const odd = fc.constantFrom<unknown>(null, 7, 'text', {}, [null]);

/** Flags of few keys, so that two snapshots often share some; some are malformed. */
export const anyFlag: fc.Arbitrary<SnapshotFlag> = fc
  .tuple(
    fc.constantFrom(...FLAG_KEYS),
    fc.record(
      {
        type: fc.constantFrom('string', 'boolean', 'json'),
        on: fc.constantFrom(true, true, false),
        variations: fc.array(fc.record({ key: fc.constantFrom('a', 'b'), value: json }), { maxLength: 3 }),
        targets: fc.array(fc.record({ variation: fc.constantFrom('b', 'c'), values: fc.subarray([...PEOPLE]) })),
        rules: fc.array(
          fc.array(clause, { maxLength: 2 }).map((clauses) => aRule(...clauses)),
          { maxLength: 2 },
        ),
        defaultServe: serve,
        prerequisites: fc.array(
          fc.record({ flag: fc.constantFrom(...FLAG_KEYS), variations: fc.constant(['a', 'b']) }),
          {
            maxLength: 2,
          },
        ),
        metadata: fc.constantFrom({ owner: 'a\\b' }, { prerequisites: '"prerequisites":[]' }),
      },
      { requiredKeys: [] },
    ),
    fc.option(fc.tuple(fc.constantFrom('on', 'rules', 'prerequisites', 'variations', 'targets'), odd), { freq: 6 }),
  )
  // What is malformed is a flag as a later server might send it.
  .map(([key, parts, spoiled]) => aFlag(key, { ...parts, ...(spoiled && { [spoiled[0]]: spoiled[1] }) }));

export const anySegment: fc.Arbitrary<SnapshotSegment> = fc
  .tuple(fc.constantFrom(...SEGMENT_KEYS), fc.subarray([...PEOPLE]), fc.array(clause, { maxLength: 1 }))
  .map(([key, included, clauses]) => aSegment(key, { included, rules: clauses.map((each) => ({ clauses: [each] })) }));

/** What a patch changes, apart from its revisions. */
export type Changes = Omit<SnapshotPatch, 'from' | 'revision'>;

export const anyChanges: fc.Arbitrary<Changes> = fc.record({
  flags: fc.uniqueArray(anyFlag, { selector: ({ key }) => key, maxLength: 2 }),
  removedFlags: fc.subarray([...FLAG_KEYS], { maxLength: 2 }),
  segments: fc.uniqueArray(anySegment, { selector: ({ key }) => key, maxLength: 1 }),
  removedSegments: fc.subarray([...SEGMENT_KEYS], { maxLength: 1 }),
});
