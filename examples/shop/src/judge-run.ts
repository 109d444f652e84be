import type { Claim } from './judge.js';
import type { Visit } from './load.js';
import type { Price } from './pricing.js';
import type { CandidateStanding, Finding } from './run-standing.js';

const FINDING_LIMIT_MS = 15_000;
const DAY_MS = 86_400_000;

/** The control plane tells one fault, by where it shows and by the kind of input that it shows for. */
export function faultClaims(
  { assessment, signatures }: CandidateStanding,
  expected: { readonly path: string; readonly stratum: string },
): readonly Claim[] {
  const places = signatures.flatMap((signature) => signature.places);
  const strata = new Set(signatures.flatMap((signature) => signature.strata.map(({ stratum }) => stratum)));
  const counts = assessment.strata.map(({ stratum, n, x }) => `${stratum} ${x} of ${n}`);
  const unequal = assessment.strata.filter(({ x }) => x > 0).map(({ stratum }) => stratum);
  return [
    {
      sentence: `it says where: ${places.map(({ path, transition }) => `${path} (${transition})`).join(', ')}`,
      isTrue: places.length === 1 && places[0]?.path === expected.path,
    },
    {
      sentence: `and for which inputs: ${[...strata].join(', ')} (unequal: ${counts.join(', ')})`,
      isTrue: [...strata].join() === expected.stratum && unequal.join() === expected.stratum && counts.length > 1,
    },
  ];
}

/** From when the release was asked for until it was taken back. */
export function promptClaim(tookMs: number): Claim {
  return { sentence: `it took ${(tookMs / 1_000).toFixed(1)} s to find`, isTrue: tookMs <= FINDING_LIMIT_MS };
}

/** Whichever code answered, the price was right. */
export function priceClaim(visits: readonly Visit[], isRight: (user: string, price: Price) => boolean): Claim {
  const wrong = visits.filter(({ user, price }) => price === undefined || !isRight(user, price)).length;
  return {
    sentence: `none of ${visits.length} pages showed a wrong price (${wrong} did)`,
    isTrue: visits.length > 0 && wrong === 0,
  };
}

/** While it was compared the new code answered nobody: neither by what callers were told, nor by what was counted. */
export function unservedClaim(visits: readonly Visit[], { total }: CandidateStanding): Claim {
  const served = visits.filter(({ hasNewPrices }) => hasNewPrices).length;
  const { control, candidate } = total.sums.served;
  return {
    sentence: `the new code was compared in ${control + candidate} calls, and answered none of them (${candidate})`,
    isTrue: control > 0 && candidate === 0 && served === 0,
  };
}

/** A finding is of a version of the code, and stays with it. */
export function findingsClaim(
  findings: readonly Finding[],
  expected: Readonly<Partial<Record<'refuted' | 'certified', string>>>,
): Claim {
  const found = findings.map(({ candidateVersion, finding }) => `${candidateVersion} ${finding}`).sort();
  const wanted = Object.entries(expected).map(([finding, version]) => `${version} ${finding}`);
  return { sentence: `what was found: ${found.join(', ')}`, isTrue: found.join() === wanted.sort().join() };
}

/** The flag is to be gone by so many days after its release. */
export function dueClaim(dueAt: string | null, days: number, now: Date): Claim {
  const left = dueAt === null ? NaN : (new Date(dueAt).getTime() - now.getTime()) / DAY_MS;
  return {
    sentence: `its flag is to be removed by ${dueAt ?? 'nobody knows when'}`,
    isTrue: Math.round(left) === days,
  };
}
