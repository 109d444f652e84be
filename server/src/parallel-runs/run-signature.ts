import { bucketOf } from '@sluice/sdk/evaluation';
import type { RunReport } from '../telemetry/index.js';

type ReportedSignature = RunReport['signatures'][number];

/** Mismatches of one candidate that are the same fault, in one epoch of a run. */
export interface RunSignature {
  readonly candidate: string;
  readonly id: string;
  readonly places: ReportedSignature['places'];
  readonly isCut: boolean;
  /** Candidate against control. */
  readonly n: number;
  /** The control against its twin: noise. */
  readonly twins: number;
  /** Most frequent first. */
  readonly strata: readonly StratumHits[];
  readonly maxDelta: Delta | null;
  readonly samples: readonly KeptSample[];
  /** The candidate's version in which it was seen first, and last. */
  readonly firstVersion: string;
  readonly lastVersion: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

interface StratumHits {
  readonly stratum: string;
  readonly n: number;
}

type Delta = NonNullable<ReportedSignature['maxDelta']>;

/** One unequal call, and its place in the draw of those that are kept. */
export type KeptSample = ReportedSignature['samples'][number] & { readonly rank: number };

/** Of a run and epoch. Mismatches whose signature finds no room are counted as unsigned. */
export const MAX_SIGNATURES = 500;
const MAX_SAMPLES = 10;
const MAX_STRATA = 50;

/** What one report says of a signature. */
export function signatureOf(
  said: ReportedSignature,
  { candidate, candidateVersion }: RunReport,
  at: Date,
): RunSignature {
  const { id, places, isCut, n, twins, strata, maxDelta = null, samples } = said;
  return {
    ...{ candidate, id, places, isCut, n, twins, strata, maxDelta },
    samples: samples.map((sample) => ({ ...sample, rank: rankOf(sample, (n + twins) / samples.length) })),
    ...{ firstVersion: candidateVersion, lastVersion: candidateVersion, firstAt: at, lastAt: at },
  };
}

/** Two counts of the same signature as one; the samples that are kept are drawn evenly from all calls of both. */
export function addSignatures(one: RunSignature, other: RunSignature): RunSignature {
  const [early, late] = one.firstAt <= other.firstAt ? [one, other] : [other, one];
  const last = one.lastAt > other.lastAt ? one : other;
  return {
    ...early,
    n: one.n + other.n,
    twins: one.twins + other.twins,
    strata: addStrata(one.strata, other.strata),
    maxDelta: largerOf(early.maxDelta, late.maxDelta),
    samples: [...one.samples, ...other.samples].sort((a, b) => a.rank - b.rank).slice(0, MAX_SAMPLES),
    lastVersion: last.lastVersion,
    lastAt: last.lastAt,
  };
}

const DRAWS = 1_000_000_000;

/**
 * Weighted sampling without replacement: of all samples those with the smallest −ln(u)/w stay, u even and w the calls
 * that the sample stands for (Efraimidis & Spirakis, "Weighted random sampling with a reservoir", IPL 2006). u is made
 * of the sample itself, so that the order of reports means nothing.
 */
function rankOf(sample: ReportedSignature['samples'][number], weight: number): number {
  const u = (bucketOf('sample', JSON.stringify(sample), DRAWS) + 0.5) / DRAWS;
  return -Math.log(u) / Math.max(weight, 1);
}

function addStrata(one: readonly StratumHits[], other: readonly StratumHits[]): readonly StratumHits[] {
  const sums = new Map(one.map(({ stratum, n }) => [stratum, n]));
  for (const { stratum, n } of other) sums.set(stratum, (sums.get(stratum) ?? 0) + n);
  return [...sums]
    .map(([stratum, n]) => ({ stratum, n }))
    .sort((a, b) => b.n - a.n)
    .slice(0, MAX_STRATA);
}

function largerOf(one: Delta | null, other: Delta | null): Delta | null {
  if (one === null || other === null) return one ?? other;
  return {
    absolute: Math.max(one.absolute, other.absolute),
    relative: Math.max(one.relative, other.relative),
    ulps: Math.max(one.ulps, other.ulps),
  };
}
