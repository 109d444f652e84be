import { FULL_SHARE } from '../kernel/share.js';
import type { PolicyDocument } from './policy.js';

/** How many steps come before the one at which everybody has the candidate. */
export function stepsToFull({ steps }: Pick<PolicyDocument, 'steps'>): number {
  const full = steps.findIndex(({ share }) => share === FULL_SHARE);
  return full < 0 ? steps.length : full;
}

/** How long it takes a policy at the least to give everybody the candidate, in seconds: every step its hold. */
export function leastSecondsToFull(policy: Pick<PolicyDocument, 'steps'>): number {
  return policy.steps.slice(0, stepsToFull(policy)).reduce((sum, { holdSeconds }) => sum + holdSeconds, 0);
}
