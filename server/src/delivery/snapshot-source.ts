import type { Snapshot } from '@sluice/sdk/evaluation';

/** Where snapshots come from. Each answer is the environment at one moment: its content belongs to its revision. */
export abstract class SnapshotSource {
  /** The snapshot of an environment as it is now; undefined when there is no such environment. */
  abstract load(environmentId: string): Promise<Snapshot | undefined>;
  /** The current revision of every environment, for who may have missed a change. */
  abstract revisions(): Promise<readonly { readonly id: string; readonly revision: number }[]>;
}
