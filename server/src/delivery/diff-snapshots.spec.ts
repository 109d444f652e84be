import { describe, expect, it } from '@jest/globals';
import { applyPatch, type Snapshot, type SnapshotFlag, type SnapshotSegment } from '@sluice/sdk/evaluation';
import fc from 'fast-check';
import { diffSnapshots } from './diff-snapshots.js';
import { bodyOf, fragmentSnapshot } from './snapshot-fragments.js';

const keys = fc.constantFrom('a', 'B', 'c/d', 'é', '10', '9', '__proto__', 'constructor');
const flags = fc.uniqueArray(
  fc
    .record({ key: keys, on: fc.boolean(), value: fc.json({ maxDepth: 2 }) })
    .map(({ key, on, value }): SnapshotFlag => ({
      key,
      type: 'json',
      version: 1,
      on,
      variations: [{ key: 'x', value: JSON.parse(value) as null }],
      targets: [],
      rules: [],
      prerequisites: [],
    })),
  { selector: ({ key }) => key },
);
const segments = fc.uniqueArray(
  fc
    .record({ key: keys, included: fc.array(fc.string(), { maxLength: 2 }) })
    .map(({ key, included }): SnapshotSegment => ({ key, included, excluded: [], rules: [] })),
  { selector: ({ key }) => key },
);
const snapshotAt = (revision: number): fc.Arbitrary<Snapshot> =>
  fc.record({ flags, segments }).map((parts) => ({
    schemaVersion: 1,
    project: 'shop',
    environment: 'production',
    revision,
    ...parts,
  }));

describe('fragments and differences', () => {
  it('lead from any snapshot to any later one, byte for byte', () => {
    fc.assert(
      fc.property(snapshotAt(3), snapshotAt(7), (first, second) => {
        const before = fragmentSnapshot(first);
        const after = fragmentSnapshot(second, before);
        const wired = JSON.parse(JSON.stringify(diffSnapshots(before, after))) as ReturnType<typeof diffSnapshots>;
        const applied = applyPatch(JSON.parse(bodyOf(before)) as Snapshot, wired);
        expect(JSON.stringify(applied)).toBe(bodyOf(after));
      }),
    );
  });

  it('write a snapshot as JSON.stringify would, in order of keys', () => {
    fc.assert(
      fc.property(snapshotAt(1), (snapshot) => {
        const fragments = fragmentSnapshot(snapshot);
        expect(bodyOf(fragments)).toBe(JSON.stringify(fragments.snapshot));
        const order = fragments.snapshot.flags.map(({ key }) => key);
        expect(order).toEqual([...order].sort());
        expect(JSON.parse(bodyOf(fragments))).toEqual({
          ...snapshot,
          flags: expect.arrayContaining([...snapshot.flags]) as unknown,
          segments: expect.arrayContaining([...snapshot.segments]) as unknown,
        });
      }),
    );
  });

  it('name only what changed, and keep the rest as the same objects', () => {
    const [sample] = fc.sample(snapshotAt(1), { numRuns: 1, seed: 7 });
    const flag = (key: string, on: boolean): SnapshotFlag => ({
      key,
      type: 'boolean',
      version: 1,
      on,
      variations: [],
      targets: [],
      rules: [],
      prerequisites: [],
    });
    const base = { ...sample, schemaVersion: 1, project: 'p', environment: 'e', segments: [] } as const;
    const before = fragmentSnapshot({
      ...base,
      revision: 1,
      flags: [flag('a', true), flag('b', true), flag('c', true)],
    });
    const after = fragmentSnapshot({ ...base, revision: 2, flags: [flag('a', true), flag('b', false)] }, before);
    expect(diffSnapshots(before, after)).toEqual({
      from: 1,
      revision: 2,
      flags: [flag('b', false)],
      removedFlags: ['c'],
      segments: [],
      removedSegments: [],
    });
    expect(after.snapshot.flags[0]).toBe(before.snapshot.flags[0]);
  });
});
