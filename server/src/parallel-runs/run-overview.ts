import { totalAsEvidence } from './as-evidence.js';
import type { Certificate } from './certificate.js';
import { livePairs } from './decide-review.js';
import type { StoredTotal, VersionPair } from './sums.js';

/** How a run stands in an environment, in short. */
export interface RunOverview {
  /** Of the calls that are sampled, thousandths of a percent. */
  readonly share: number;
  readonly epoch: number;
  /** Of every candidate, each pair of versions that services run; the newest last. */
  readonly candidates: readonly CandidateOverview[];
}

export interface CandidateOverview extends VersionPair {
  /** What was found and stands. */
  readonly finding: Certificate['finding'] | 'undecided';
  /** Distinct inputs compared, and unequal. */
  readonly n: number;
  readonly x: number;
}

/** A finding that is not void. */
export type StandingFinding = VersionPair & Pick<Certificate, 'finding' | 'epoch'>;

/** How a run stands by its sums and by what was found in the epoch. */
export function overviewOf(
  { share, epoch }: { readonly share: number; readonly epoch: number },
  totals: readonly StoredTotal[],
  findings: readonly StandingFinding[],
): RunOverview {
  const pairs = livePairs(totals.map(totalAsEvidence));
  const candidates = pairs.map(({ candidate, controlVersion, candidateVersion, sums }) => {
    const found = findings.filter(
      (each) =>
        each.epoch === epoch &&
        each.candidate === candidate &&
        each.controlVersion === controlVersion &&
        each.candidateVersion === candidateVersion,
    );
    const refuted = found.find(({ finding }) => finding === 'refuted');
    const finding: CandidateOverview['finding'] = (refuted ?? found[0])?.finding ?? 'undecided';
    const { n, x } = sums.inputs;
    return { candidate, controlVersion, candidateVersion, finding, n, x };
  });
  return { share, epoch, candidates };
}
