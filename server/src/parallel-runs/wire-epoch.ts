import { murmur3 } from '@sluice/sdk/evaluation';

/**
 * The number by which snapshots and reports name an epoch of a run: from 0 to 2^31 - 1, without an order. A run that was
 * made again under the key of one that is gone counts its epochs from 1 as that did; what is said of the one before must
 * not count for it, and so the run has a part in the name.
 */
export function wireEpoch(runId: string, epoch: number): number {
  return murmur3(`${runId} ${epoch}`, 0) >>> 1;
}
