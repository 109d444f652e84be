import type { Serve, SnapshotFlag, Split } from '@sluice/sdk/evaluation';
import { MAX_TOTAL_WEIGHT } from '@sluice/sdk/evaluation';
import { all, choose, isHashable, type Logic, not } from './json-logic.js';
import { refer } from './references.js';
import type { Reporter } from './reporter.js';
import { TARGETING_KEY } from './segment-logic.js';
import { variableOf } from './variable.js';

/** Names no variation: flagd answers an error and the caller's default, as we do where nothing can be served. */
export const ERROR: Logic = '';

/** Whether the context has a targetingKey to split by: every split by it asks this, so it is said once. */
const HAS_TARGETING_KEY = refer(
  'has-targeting-key',
  all(isHashable(TARGETING_KEY), not({ '===': [TARGETING_KEY, ''] })),
);

/** The variation that a serve comes to, or ERROR. */
export function serveLogic(flag: SnapshotFlag, serve: Serve, path: string, reporter: Reporter): Logic {
  return 'split' in serve ? splitLogic(flag, serve.split, path, reporter) : variationOf(flag, serve.variation);
}

/** A variation that the flag has, or ERROR. */
export function variationOf({ variations }: SnapshotFlag, key: string): Logic {
  return variations.some((variation) => variation.key === key) ? key : ERROR;
}

/** flagd's `fractional` is our split, once it is told what to hash and whether there is anything. */
function splitLogic(flag: SnapshotFlag, split: Split, path: string, reporter: Reporter): Logic {
  const { seed = flag.key, bucketBy = 'targetingKey', fallback } = split;
  const variable = variableOf(bucketBy);
  if ('reason' in variable) reporter.cannotSay(`${path}.bucketBy`, variable.reason);
  const value = 'reason' in variable ? null : variable.logic;

  const shares = split.shares.filter(({ share }) => Number.isInteger(share) && share > 0);
  const total = shares.reduce((sum, { share }) => sum + share, 0);
  if (total === 0 || total > MAX_TOTAL_WEIGHT) return ERROR;
  const buckets = shares.map(({ variation, share }): Logic => [variationOf(flag, variation), share]);
  const [only] = shares;
  const assigned: Logic =
    shares.length === 1 && only !== undefined
      ? variationOf(flag, only.variation)
      : { fractional: [{ cat: [seed, value] }, ...buckets] };
  const canBeAssigned = bucketBy === 'targetingKey' ? HAS_TARGETING_KEY : isHashable(value);
  return choose([[canBeAssigned, assigned]], fallback === undefined ? ERROR : variationOf(flag, fallback));
}
