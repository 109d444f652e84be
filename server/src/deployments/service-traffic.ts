import { precondition } from '../kernel/errors.js';
import { isShare } from '../kernel/share.js';
import type { Artifact } from './service.js';

/** Which versions of a service callers in one environment are to be sent to. */
export interface TrafficContent {
  /** What everybody gets who does not get the candidate. */
  readonly stable: Artifact;
  /** Null while nothing is ramped. */
  readonly candidate: TrafficCandidate | null;
}

export interface TrafficCandidate extends Artifact {
  /** From 0 to 100 000, thousandths of a percent; 0: it is ramped, and nobody gets it yet. */
  readonly share: number;
}

/** The traffic as it is stored. */
export interface ServiceTraffic extends TrafficContent {
  readonly serviceId: string;
  readonly environmentId: string;
  /** Of this row, for saves; the versions of the service are those of its artifacts. */
  readonly version: number;
  readonly updatedAt: Date;
}

/** Sends a share of the callers to a candidate, one at a time; throws `precondition`. */
export function withCandidate(before: TrafficContent, candidate: TrafficCandidate): TrafficContent {
  if (!isShare(candidate.share)) throw new Error(`${candidate.share} is not a share.`);
  if (candidate.version === before.stable.version) {
    const message = `Version ${candidate.version} is the stable one here; there is nothing to ramp it against.`;
    throw precondition('CANDIDATE_IS_STABLE', message);
  }
  if (before.candidate !== null && before.candidate.version !== candidate.version) {
    const message = `Version ${before.candidate.version} is being ramped here already; end that ramp first.`;
    throw precondition('CANDIDATE_TAKEN', message, { data: { candidate: before.candidate } });
  }
  return { stable: before.stable, candidate };
}

/** Sends everybody to the candidate, which is the stable version from now on; throws `precondition` without one. */
export function withCandidatePromoted({ candidate }: TrafficContent): TrafficContent {
  if (candidate === null) throw precondition('CANDIDATE_MISSING', 'Nothing is ramped here that could be promoted.');
  return { stable: { version: candidate.version, digest: candidate.digest }, candidate: null };
}

/** Sends everybody to the stable version; as it was when there is no candidate. */
export function withoutCandidate({ stable }: TrafficContent): TrafficContent {
  return { stable, candidate: null };
}

/** The content of stored traffic, as it can be put back another day. */
export function trafficContentOf({ stable, candidate }: TrafficContent): TrafficContent {
  return { stable, candidate };
}
