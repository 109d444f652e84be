import { precondition, type SluiceError } from '../kernel/errors.js';
import { freezeAt, type PolicyDocument } from '../policies/index.js';
import type { Ramp } from './rollout.js';

/** Where a person sends a ramp, without waiting for time or evidence. */
export interface Skip {
  readonly to: 'next' | 'last';
  /** For people, and for the record. */
  readonly reason?: string | undefined;
}

/** A rollout that is to skip steps. */
export interface Skipping {
  readonly policy: Pick<PolicyDocument, 'steps' | 'freezeWindows'>;
  readonly ramp: Pick<Ramp, 'stepIndex' | 'approvals'>;
}

/** The step that skipping goes to: the next one, or the last. */
export function skipTarget({ policy, ramp }: Skipping, to: Skip['to']): number {
  const last = policy.steps.length - 1;
  return to === 'next' ? Math.min(ramp.stepIndex + 1, last) : last;
}

/**
 * What keeps a person from going to a later step without waiting for time or evidence: that there is none, a freeze, or
 * approvals that are other people's to give. Certificates are looked for elsewhere.
 */
export function skipObstacle(rollout: Skipping, to: Skip['to'], now: Date): SluiceError | undefined {
  const stepIndex = skipTarget(rollout, to);
  if (stepIndex === rollout.ramp.stepIndex) {
    return precondition('LAST_STEP', 'The release is at its last step already.');
  }
  return freezeObstacle(rollout, now) ?? unapproved(rollout, stepIndex);
}

function freezeObstacle({ policy }: Skipping, now: Date): SluiceError | undefined {
  const freeze = freezeAt(policy.freezeWindows, now);
  if (freeze === undefined) return undefined;
  const until = freeze.until.toISOString();
  const message = `Frozen (${freeze.name}): shares may be raised again from ${until}; rolling back is always possible.`;
  return precondition('FROZEN', message, { data: { until } });
}

/** A step before this one that has an approval gate which is not open. */
function unapproved({ policy, ramp }: Skipping, until: number): SluiceError | undefined {
  for (const [index, { gates }] of policy.steps.slice(ramp.stepIndex, until).entries()) {
    const given = index === 0 ? ramp.approvals.length : 0;
    for (const gate of gates) {
      if (gate.kind !== 'approval' || given >= gate.approvals) continue;
      const step = ramp.stepIndex + index + 1;
      const message = `Step ${step} has ${given} of the ${gate.approvals} approvals it needs to go on; have it approved first.`;
      return precondition('APPROVAL_MISSING', message, { data: { step, given, needed: gate.approvals } });
    }
  }
  return undefined;
}
