import type { Snapshot, SnapshotFlag, SnapshotSegment } from '../src/evaluation/snapshot.js';

/** A boolean flag that serves `on` to everybody. */
export function aFlag(changes: Partial<SnapshotFlag> = {}): SnapshotFlag {
  return {
    key: 'new-checkout',
    type: 'boolean',
    version: 1,
    on: true,
    variations: [
      { key: 'on', value: true },
      { key: 'off', value: false },
    ],
    offVariation: 'off',
    targets: [],
    rules: [],
    defaultServe: { variation: 'on' },
    prerequisites: [],
    ...changes,
  };
}

export function aSegment(changes: Partial<SnapshotSegment> = {}): SnapshotSegment {
  return { key: 'staff', included: [], excluded: [], rules: [], ...changes };
}

export function aSnapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    schemaVersion: 1,
    project: 'shop',
    environment: 'production',
    revision: 7,
    flags: [aFlag()],
    segments: [],
    ...changes,
  };
}
