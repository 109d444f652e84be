import type { SnapshotFlag } from '@sluice/sdk/evaluation';

/**
 * Flags as evaluators of one environment need them, in order of key, each by its stamp: a text that is another one after
 * every change to the flag or to its settings, also after a restore.
 */
export type StampedFlags = ReadonlyMap<string, SnapshotFlag>;

const ID_LENGTH = '00000000-0000-0000-0000-000000000000'.length;

/** The id of the flag that a stamp is of. */
export function flagIdOf(stamp: string): string {
  return stamp.slice(0, ID_LENGTH);
}
