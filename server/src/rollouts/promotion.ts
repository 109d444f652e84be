import { FULL_SHARE } from '../kernel/share.js';
import { isCountMetric, type PolicyDocument, planRamp, SAID_RATIO } from '../policies/index.js';
import { SAMPLE_RATIO } from './judge-share.js';
import type { MetricResult } from './metric-result.js';
import { clockStart } from './ramp-clock.js';
import type { Ramp, Reason } from './rollout.js';

const MINUTE_MS = 60_000;

/** What of a situation tells on what it is promoted. */
interface Promoted {
  readonly policy: PolicyDocument;
  readonly ramp: Ramp;
  readonly results: readonly MetricResult[];
  readonly now: Date;
}

/**
 * On what a step is left, or a release made, that nothing speaks against: on metrics that were compared and found good
 * there, or for want of any. At 100 % what the steps before have shown still counts, and it is said that it is that.
 */
export function groundsOf(promoted: Promoted, asked: readonly MetricResult[]): Reason {
  const { share } = promoted.ramp;
  const measured = asked.filter(({ metric }) => metric !== SAMPLE_RATIO);
  const good = measured.filter(({ state }) => state === 'pass');
  if (good.some(({ isComparable }) => isComparable)) {
    return { code: 'PROMOTED_ON_EVIDENCE', sentence: 'Nothing bad was found.' };
  }
  if (share === FULL_SHARE && good.length > 0) {
    const sentence = 'Nothing bad was found in the steps before; at 100 % nothing was compared.';
    return { code: 'PROMOTED_ON_EVIDENCE', sentence };
  }
  if (share === 0) return withoutEvidence(promoted, 'At 0 % nobody has the candidate, so nothing was compared.');
  if (measured.length === 0) return withoutEvidence(promoted, 'No metric is asked for here, so nothing was compared.');
  return withoutEvidence(promoted, `Nothing was compared. ${measured.map(({ sentence }) => sentence).join(' ')}`);
}

/** A promotion that nobody has seen a reason for, with the chance there was to see one against it. */
export function withoutEvidence(promoted: Promoted, why: string): Reason {
  const power = Math.floor(100 * observedPower(promoted));
  const chance = `power ${power} %: the chance that a rise to ${SAID_RATIO}× would have been found by now`;
  return { code: 'PROMOTED_WITHOUT_EVIDENCE', sentence: `${why} Promoted on lack of evidence (${chance}).` };
}

/**
 * The chance, from 0 to 1, that a rise of bad events to twice the stable rate would have been rolled back by what has
 * been measured, as plans reckon it (VERDICTS.md 7): of the metric that has the least. 0 where nothing counts them.
 */
export function observedPower({ policy, ramp, results, now }: Promoted): number {
  const minutes = Math.max(1, (now.getTime() - clockStart(ramp, now).getTime()) / MINUTE_MS);
  const acting = results.filter(({ dryRun }) => !dryRun);
  const powers = acting.flatMap((result) => powerOf(policy, result, minutes));
  return powers.length === 0 ? 0 : Math.min(...powers);
}

function powerOf({ metrics }: PolicyDocument, result: MetricResult, minutes: number): readonly number[] {
  const metric = metrics.find(({ name }) => name === result.metric);
  if (metric === undefined || !isCountMetric(metric)) return [];
  const { stable, candidate, phi = 1, limit = Infinity } = result;
  const [stableUnits, candidateUnits] = [stable?.units ?? 0, candidate?.units ?? 0];
  if (stableUnits === 0 || candidateUnits === 0) return [0];
  const units = stableUnits + candidateUnits;
  const stretches = [{ share: candidateUnits / units, fromMinute: 0, minutes }];
  const badPerMinute = ((stable?.bad ?? 0) / stableUnits) * (units / minutes);
  const asked = { stretches, badPerMinute, ratio: SAID_RATIO, phi, margin: metric.margin, alpha: Math.exp(-limit) };
  return [planRamp(asked).chance];
}
