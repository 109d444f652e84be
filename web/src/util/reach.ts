/** Whether the SDKs of an environment serve its revision. */
export type ReachState = 'none' | 'current' | 'lagging';

export function reachState({
  instances,
  current,
}: {
  readonly instances: number;
  readonly current: number;
}): ReachState {
  if (instances === 0) return 'none';
  return current === instances ? 'current' : 'lagging';
}

/** What an SDK’s instance is doing: one that said goodbye is not silent, and neither is behind. */
export type InstanceState = 'current' | 'behind' | 'silent' | 'left';

export function instanceState(instance: {
  readonly isCurrent: boolean;
  readonly isSilent: boolean;
  readonly leftAt: string | null;
}): InstanceState {
  if (instance.leftAt !== null) return 'left';
  if (instance.isSilent) return 'silent';
  return instance.isCurrent ? 'current' : 'behind';
}
