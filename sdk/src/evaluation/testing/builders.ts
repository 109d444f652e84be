import type { Clause, Rule, Snapshot, SnapshotFlag, SnapshotSegment, Split } from '../snapshot.js';

/** Test data: a flag that is on, with the string variations a, b and c, serving a. */
export function aFlag(key: string, parts: Partial<SnapshotFlag> = {}): SnapshotFlag {
  return {
    key,
    type: 'string',
    version: 1,
    on: true,
    variations: ['a', 'b', 'c'].map((name) => ({ key: name, value: `value ${name}` })),
    offVariation: 'c',
    targets: [],
    rules: [],
    defaultServe: { variation: 'a' },
    prerequisites: [],
    ...parts,
  };
}

/** Test data: a segment without members. */
export function aSegment(key: string, parts: Partial<SnapshotSegment> = {}): SnapshotSegment {
  return { key, included: [], excluded: [], rules: [], ...parts };
}

/** Test data: a snapshot at revision 1. */
export function aSnapshot(flags: readonly SnapshotFlag[], segments: readonly SnapshotSegment[] = []): Snapshot {
  return { schemaVersion: 1, project: 'shop', environment: 'test', revision: 1, flags, segments };
}

/** Test data: a clause. */
export function aClause(attribute: string, operator: string, values: Clause['values'] = [], negate = false): Clause {
  return { attribute, operator, values, negate };
}

/** Test data: a rule that serves b. */
export function aRule(...clauses: readonly Clause[]): Rule {
  return { id: 'rule', clauses, serve: { variation: 'b' } };
}

/** Test data: a split over a, b and c, in this order. */
export function aSplit(shares: readonly number[], parts: Partial<Split> = {}): { readonly split: Split } {
  const names = ['a', 'b', 'c'];
  return { split: { shares: shares.map((share, index) => ({ variation: names[index] ?? 'a', share })), ...parts } };
}
