import { isHolding, type Rollout } from '../rollouts/index.js';

/** A rollout before and after it moved, and whether people should look at it. */
interface Move {
  readonly before: Rollout;
  readonly after: Rollout;
  readonly isPage: boolean;
}

/**
 * What the move of a rollout is called on record: how it ended; `advanced` to another step; `held` by what people may want
 * to know of, and `resumed` behind that; else the ordinary course of a step, `reached` when its share is everywhere and
 * its clock begins, `bakeBegun` behind the last one, `waited` for another reason than before.
 */
export function moveAction({ before, after, isPage }: Move): string {
  if (after.status !== 'running') return after.status;
  const { stepIndex, phase, reason } = after.ramp;
  if (stepIndex !== before.ramp.stepIndex) return 'advanced';
  if (isHolding(reason) || isPage) return 'held';
  if (isHolding(before.ramp.reason)) return 'resumed';
  if (phase === before.ramp.phase || phase === 'reaching') return 'waited';
  return phase === 'watching' ? 'reached' : 'bakeBegun';
}
