import type { Snapshot, SnapshotFlag } from '@sluice/sdk/evaluation';
import {
  amongThousand,
  betaSegment,
  fiveRuleFlag,
  mixedFlags,
  segmentFlag,
  snapshotOf,
  splitInThreeFlag,
  splitTenPercentFlag,
  steadyFlag,
} from '../scenario-flags.js';

/** What is asked of every library. */
export type PeerScenario = {
  readonly id: string;
  readonly title: string;
} & (
  | { readonly kind: 'one'; readonly flag: () => SnapshotFlag }
  | { readonly kind: 'all' | 'start' | 'start and all'; readonly flags: number }
);

export const PEER_SCENARIOS: readonly PeerScenario[] = [
  { id: 'S1', title: 'flag on', kind: 'one', flag: () => steadyFlag('s1') },
  { id: 'S2', title: 'five rules, the last matches', kind: 'one', flag: fiveRuleFlag },
  { id: 'S3', title: 'split 10 %', kind: 'one', flag: splitTenPercentFlag },
  { id: 'S4', title: 'split in three', kind: 'one', flag: splitInThreeFlag },
  { id: 'S5', title: 'segment of 10 000 keys', kind: 'one', flag: segmentFlag },
  { id: 'S6', title: 'all of 1 000 flags', kind: 'all', flags: 1_000 },
  { id: 'S7', title: 'start-up with 10 000 flags, and the first answer', kind: 'start', flags: 10_000 },
  { id: 'S8', title: 'the same, and an answer of each of them', kind: 'start and all', flags: 10_000 },
];

/** The flags of a scenario; alone: the flag that is asked for has no others beside it. */
export function snapshotFor(scenario: PeerScenario, { alone }: { readonly alone: boolean }): Snapshot {
  if (scenario.kind !== 'one') return snapshotOf(mixedFlags(scenario.flags), [betaSegment()]);
  const flag = scenario.flag();
  // Its members count only where they are asked for.
  const segments = flag.rules.some(({ clauses }) => clauses.some(({ operator }) => operator === 'inSegment'));
  return snapshotOf(alone ? [flag] : amongThousand(flag), segments ? [betaSegment()] : []);
}
