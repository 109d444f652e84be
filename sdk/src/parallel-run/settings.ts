import type { SnapshotParallelRun } from '../evaluation/snapshot.js';

/** How a run is sampled, bounded and compared: from the server's snapshot, or given where there is no server. */
export type ParallelRunSettings = SnapshotParallelRun;

/** Used for a key that no snapshot knows when `share` is given locally; a run the server does not know is off. */
export const DEFAULT_SETTINGS: Omit<ParallelRunSettings, 'key' | 'digestKey'> = {
  epoch: 0,
  share: 0,
  twinShare: 2_000,
  deadlineMs: 5_000,
  maxConcurrent: 10,
  budget: { addedMs: 1, loopDelayMs: 50 },
  windowSeconds: 3_600,
  rules: [],
  rawPaths: [],
};
