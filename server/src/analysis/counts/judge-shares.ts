import type { MetricVerdict } from '../metric-state.js';
import { SHARE_ALPHA, shareP, type ShareEvidence } from './share-evidence.js';

/**
 * Whether units are split as was asked. A mismatch is `inconclusive`, whatever else is measured: then nobody knows
 * whose the measurements are. Once found it stays, for its chance is that of ever being found.
 */
export function judgeShares(evidence: ShareEvidence, alpha = SHARE_ALPHA): MetricVerdict {
  const p = shareP(evidence);
  if (p <= alpha) {
    return {
      state: 'inconclusive',
      reason: `the arms do not have the shares that were asked for (p ${p.toPrecision(2)}): measurements may be of the wrong arm`,
    };
  }
  if (evidence.counts.every((count) => count === 0)) {
    return { state: 'pending', reason: 'no units have been counted in this step yet' };
  }
  return { state: 'pass', reason: `the arms have the shares that were asked for (p ${p.toPrecision(2)})` };
}
