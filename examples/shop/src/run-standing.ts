import { setTimeout as later } from 'node:timers/promises';
import type { ControlPlane } from './control-plane.js';

/** Of the parallel run of old and new prices. */
export const RUN_KEY = 'cart-price';
export const RUN_PATH = `/projects/shop/environments/production/parallel-runs/${RUN_KEY}`;

/** What the demo reads of how a candidate stands. */
export interface CandidateStanding {
  readonly total: {
    readonly candidateVersion: string;
    /** Calls by which code answered the caller. */
    readonly sums: { readonly served: { readonly control: number; readonly candidate: number } };
  };
  readonly assessment: {
    readonly finding: string;
    readonly sentence: string;
    /** By kind of input: how many were compared, and how many of them came out unequal. */
    readonly strata: readonly { readonly stratum: string; readonly n: number; readonly x: number }[];
  };
  /** What differed, each fault once. */
  readonly signatures: readonly {
    readonly places: readonly { readonly path: string; readonly kind: string; readonly transition: string }[];
    readonly strata: readonly { readonly stratum: string; readonly n: number }[];
  }[];
}

/** What was found of one version of the candidate. */
export interface Finding {
  readonly candidateVersion: string;
  readonly finding: string;
}

const PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 200;

/** How the newest version of the candidate stands, once it is as expected. Rejects after 30 s. */
export async function watchCandidate(
  api: ControlPlane,
  isEnough: (standing: CandidateStanding) => boolean,
): Promise<CandidateStanding> {
  for (const deadlineMs = performance.now() + PATIENCE_MS; ; await later(LOOK_EVERY_MS)) {
    const { candidates } = await api.get<{ candidates: readonly CandidateStanding[] }>(RUN_PATH);
    // While services run several versions, the newest stands last.
    const standing = candidates.at(-1);
    if (standing !== undefined && isEnough(standing)) return standing;
    if (performance.now() > deadlineMs) throw new Error(`Never came to be: ${JSON.stringify(candidates)}`);
  }
}
