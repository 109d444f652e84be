import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyPatch } from './apply-patch.js';
import type { Snapshot, SnapshotPatch } from './snapshot.js';
import { aFlag, aSegment, aSnapshot } from './testing/builders.js';

const nothing: SnapshotPatch = { from: 1, revision: 2, flags: [], removedFlags: [], segments: [], removedSegments: [] };

describe('applyPatch', () => {
  it('leads from any snapshot to any later one', () => {
    fc.assert(
      fc.property(keys, keys, (some, others) => {
        const from = snapshotOf(some, 1);
        const to = snapshotOf(others, 5);
        expect(applyPatch(from, patchBetween(from, to))).toEqual(to);
      }),
    );
  });

  it('keeps what did not change, and what it does not know', () => {
    const from = { ...aSnapshot([aFlag('b'), aFlag('a')], [aSegment('s')]), later: 'field' };
    const changed = aFlag('b', { on: false });
    const to = applyPatch(from, { ...nothing, flags: [changed], removedFlags: ['none'] });
    expect(to?.flags[0]).toBe(from.flags[1]);
    expect(to?.flags[1]).toBe(changed);
    expect(to?.segments[0]).toBe(from.segments[0]);
    expect(to).toMatchObject({ revision: 2, later: 'field' });
    expect(from).toMatchObject({ revision: 1, flags: [{ key: 'b', on: true }, { key: 'a' }] });
  });

  it('replaces services and ramps whole, each only when the patch has it', () => {
    const services = [{ key: 's', stable: 'v1' }];
    const ramps = [{ rollout: 'r', subject: 'service/s', stable: 'v1', candidate: 'v2', share: 0 }];
    const from = { ...aSnapshot([]), services, ramps };
    expect(applyPatch(from, nothing)).toMatchObject({ services, ramps });
    expect(applyPatch(from, { ...nothing, ramps: [] })).toMatchObject({ services, ramps: [] });
    expect(applyPatch(from, { ...nothing, services: [] })).toMatchObject({ services: [], ramps });
    expect(applyPatch(aSnapshot([]), { ...nothing, services, ramps })).toMatchObject({ services, ramps });
    expect(applyPatch(aSnapshot([]), nothing)).not.toHaveProperty('services');
  });

  it.each<[string, unknown]>([
    ['from an earlier revision', { ...nothing, from: 0 }],
    ['from a later revision', { ...nothing, from: 2, revision: 3 }],
    ['to the same revision', { ...nothing, revision: 1 }],
    ['to no revision', { ...nothing, revision: NaN }],
    ['without lists', { from: 1, revision: 2 }],
    ['with a flag that is none', { ...nothing, flags: [null] }],
    ['that is nothing', null],
  ])('does not apply a patch %s', (_name, patch) => {
    expect(applyPatch(aSnapshot([aFlag('a')]), patch as SnapshotPatch)).toBeUndefined(); // the point: it may be anything
  });
});

const keys = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'B', 'é', '__proto__', '10', '9'), fc.boolean()), {
  selector: ([key]) => key,
});

function snapshotOf(entries: readonly (readonly [string, boolean])[], revision: number): Snapshot {
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const flags = sorted.map(([key, on]) => aFlag(key, { on }));
  const segments = sorted.map(([key, on]) => aSegment(key, { included: [String(on)] }));
  return { ...aSnapshot(flags, segments), revision };
}

function patchBetween(from: Snapshot, to: Snapshot): SnapshotPatch {
  return {
    from: from.revision,
    revision: to.revision,
    flags: to.flags.filter(({ key, on }) => from.flags.find((flag) => flag.key === key)?.on !== on),
    removedFlags: from.flags.filter(({ key }) => !to.flags.some((flag) => flag.key === key)).map(({ key }) => key),
    segments: to.segments,
    removedSegments: from.segments.map(({ key }) => key),
  };
}
