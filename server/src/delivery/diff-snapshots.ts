import type { SnapshotPatch } from '@sluice/sdk/evaluation';
import type { SnapshotFragments } from './snapshot-fragments.js';

/** What brings a client from one revision of an environment to a later one. */
export function diffSnapshots(before: SnapshotFragments, after: SnapshotFragments): SnapshotPatch {
  return {
    from: before.snapshot.revision,
    revision: after.snapshot.revision,
    flags: after.snapshot.flags.filter(({ key }) => before.flags.get(key) !== after.flags.get(key)),
    removedFlags: removedKeys(before.flags, after.flags),
    segments: after.snapshot.segments.filter(({ key }) => before.segments.get(key) !== after.segments.get(key)),
    removedSegments: removedKeys(before.segments, after.segments),
    // Whole when changed; a list that is gone comes empty, because absent means as before.
    ...(before.services === after.services ? {} : { services: after.snapshot.services ?? [] }),
    ...(before.ramps === after.ramps ? {} : { ramps: after.snapshot.ramps ?? [] }),
    ...(before.parallelRuns === after.parallelRuns ? {} : { parallelRuns: after.snapshot.parallelRuns ?? [] }),
  };
}

function removedKeys(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  return [...before.keys()].filter((key) => !after.has(key));
}
