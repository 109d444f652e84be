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
const services = fc.uniqueArray(
  fc
    .record({ key: keys, stable: fc.constantFrom('v1', 'v2'), share: fc.option(fc.integer({ min: 0, max: 100_000 })) })
    .map(({ key, stable, share }) => ({
      key,
      stable,
      ...(share === null ? {} : { candidate: { version: 'v3', share } }),
    })),
  { selector: ({ key }) => key, minLength: 1 },
);
const ramps = fc.array(
  fc.record({
    rollout: fc.string(),
    subject: keys,
    stable: fc.constant('a'),
    candidate: fc.constant('b'),
    share: fc.integer({ min: 0, max: 100_000 }),
  }),
  { minLength: 1, maxLength: 3 },
);
// As they are stored: left out when there are none.
const lists = fc.record({ flags, segments, services, ramps }, { requiredKeys: ['flags', 'segments'] });
const snapshotAt = (revision: number): fc.Arbitrary<Snapshot> =>
  lists.map((parts) => ({
    schemaVersion: 1,
    project: 'shop',
    environment: 'production',
    revision,
    ...parts,
  }));

describe('fragments and differences', () => {
  it('lead from any snapshot to any later one', () => {
    fc.assert(
      fc.property(snapshotAt(3), snapshotAt(7), (first, second) => {
        const before = fragmentSnapshot(first);
        const after = fragmentSnapshot(second, before);
        const wired = JSON.parse(JSON.stringify(diffSnapshots(before, after))) as ReturnType<typeof diffSnapshots>;
        const applied = applyPatch(JSON.parse(bodyOf(before)) as Snapshot, wired);
        // A list that is gone comes as an empty one: to those who read it, the same as none.
        const { services: served = [], ramps: ramped = [], ...rest } = JSON.parse(bodyOf(after)) as Snapshot;
        expect({ services: [], ramps: [], ...applied }).toEqual({ ...rest, services: served, ramps: ramped });
        expect(JSON.stringify([applied?.flags, applied?.segments])).toBe(JSON.stringify([rest.flags, rest.segments]));
      }),
    );
  });

  it('write a snapshot as JSON.stringify would but for the tabs around flags, in order of keys', () => {
    fc.assert(
      fc.property(snapshotAt(1), (snapshot) => {
        const fragments = fragmentSnapshot(snapshot);
        const body = bodyOf(fragments);
        expect(body.replaceAll('\t', '')).toBe(JSON.stringify(fragments.snapshot));
        const [, ...pieces] = body.split('\t');
        const flags = pieces.slice(0, -1).map((piece) => JSON.parse(piece.replace(/,$/u, '')) as unknown);
        expect(flags).toEqual(fragments.snapshot.flags);
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

  it('carry services and ramps whole when they changed, and not at all when they did not', () => {
    const plain = { schemaVersion: 1, project: 'p', environment: 'e', revision: 1, flags: [], segments: [] } as const;
    const ramp = { rollout: 'r', subject: 'service/checkout', stable: 'v1', candidate: 'v2' };
    const one = { ...plain, services: [{ key: 'checkout', stable: 'v1' }] };
    const ramped = {
      ...one,
      services: [{ ...one.services[0], candidate: { version: 'v2', share: 5 } }],
      ramps: [ramp],
    };
    // safe: what it is made from has a key and a stable version.
    const patchOf = (before: object, after: object) =>
      diffSnapshots(fragmentSnapshot(before as Snapshot), fragmentSnapshot({ ...after, revision: 2 } as Snapshot));
    expect(patchOf(plain, one)).toMatchObject({ services: one.services });
    expect(patchOf(one, ramped)).toMatchObject({ services: ramped.services, ramps: [ramp] });
    expect(patchOf(ramped, plain)).toMatchObject({ services: [], ramps: [] });
    for (const same of [plain, one, ramped]) {
      expect(patchOf(same, same)).not.toHaveProperty('services');
      expect(patchOf(same, same)).not.toHaveProperty('ramps');
    }
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
