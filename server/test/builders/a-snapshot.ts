import type { Clause, JsonValue, Rule, Snapshot, SnapshotFlag, SnapshotSegment } from '@sluice/sdk/evaluation';

const VARIATIONS = ['a', 'b', 'c'].map((key) => ({ key, value: `value ${key}` }));
/** Test data: a flag that is on, with the variations a, b and c, serving a. */
export const aFlag = (parts: Partial<SnapshotFlag> = {}): SnapshotFlag => ({
  key: 'flag',
  type: 'string',
  version: 1,
  on: true,
  variations: VARIATIONS,
  offVariation: 'c',
  targets: [],
  rules: [],
  defaultServe: { variation: 'a' },
  prerequisites: [],
  ...parts,
});

/** Test data: the environment shop/live at revision 12. */
export const aSnapshot = (flags: readonly SnapshotFlag[], segments: readonly SnapshotSegment[] = []): Snapshot => ({
  schemaVersion: 1,
  project: 'shop',
  environment: 'live',
  revision: 12,
  flags,
  segments,
});

/** Test data: a rule that serves b. */
export const aRule = (...clauses: readonly Clause[]): Rule => ({ id: 'r', clauses, serve: { variation: 'b' } });

/** Test data: a clause. */
export const on = (attribute: string, operator: string, ...values: readonly JsonValue[]): Clause => ({
  attribute,
  operator,
  values,
});

/** Test data: a clause, the other way round. */
export const not = (clause: Clause): Clause => ({ ...clause, negate: true });
