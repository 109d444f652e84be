import type { MetricVerdict } from '../metric-state.js';
import { evidenceLimit, evidenceText, logEvidence, type CountEvidence } from './count-evidence.js';

/** What a policy asks of bad-event counts. */
export interface CountDemand {
  /** The chance of rolling back, or of passing as non-inferior, wrongly; each of the two has this much. */
  readonly alpha: number;
  /** `noHarm`: no evidence that the candidate is worse. `nonInferior`: evidence that it is not. */
  readonly require: 'noHarm' | 'nonInferior';
  /** Units each arm must have had before the absence of evidence says anything. */
  readonly minimumUnits: number;
}

export interface CountEvidencePair {
  readonly harm: CountEvidence;
  /** Needed where a policy requires `nonInferior`. */
  readonly safety?: CountEvidence;
}

/**
 * Judges bad-event counts after any tick. Evidence of harm fails at once, also before the minimum of units: the test
 * is valid at any time, while passing on its silence is not.
 */
export function judgeCounts({ harm, safety }: CountEvidencePair, demand: CountDemand): MetricVerdict {
  const { alpha, require, minimumUnits } = demand;
  const limit = evidenceLimit(alpha);
  const harmText = `evidence of harm ${evidenceText(logEvidence(harm), alpha)}`;
  if (logEvidence(harm) >= limit) {
    return { state: 'fail', reason: `${harmText}: ${harm.k} of ${harm.n} bad events are the candidate's` };
  }
  const units = Math.min(harm.candidateUnits, harm.stableUnits);
  if (units === 0) return { state: 'pending', reason: `${harmText}; ${missing(harm)}` };
  if (units < minimumUnits) {
    return { state: 'pending', reason: `${harmText}; ${units} of the ${minimumUnits} units needed in each arm` };
  }
  if (require === 'noHarm') return { state: 'pass', reason: harmText };
  if (!safety) return { state: 'inconclusive', reason: 'evidence of non-inferiority was not collected' };
  const safetyText = `evidence of non-inferiority ${evidenceText(logEvidence(safety), alpha)}`;
  return { state: logEvidence(safety) >= limit ? 'pass' : 'inconclusive', reason: `${safetyText}; ${harmText}` };
}

function missing({ candidateUnits, stableUnits }: CountEvidence): string {
  if (candidateUnits + stableUnits === 0) return 'neither arm has had units yet';
  return `${candidateUnits === 0 ? 'the candidate' : 'the stable arm'} has had no units yet`;
}
