import { FULL_SHARE } from '../kernel/share.js';
import type { ArmCounts } from './traffic-router.js';

/**
 * −ln of the chance that a share that is as asked is called different: that of five standard deviations of a normal
 * distribution, both sides (5.7e-7), one side each.
 */
const CERTAINTY = Math.log(2 / 5.7e-7);
/** At 0 and at 100 %, any stray request tells. Enough for "none": what would have shown one percent that strays. */
const STRAY = 0.01;

/** From when on a share is verified: what the router had, and its counters. Plain data, to be kept with a step. */
export interface ShiftMark {
  readonly share: number;
  readonly counts: ArmCounts;
}

export interface ShareVerdict {
  readonly kind: 'matches' | 'differs' | 'tooFew';
  /** The share of requests that the candidate got; undefined without requests. In thousandths of a percent. */
  readonly actual: number | undefined;
  readonly requests: number;
}

/**
 * Answers whether counts fit the share asked for. `differs` when the relative entropy of the two, times the requests,
 * is beyond what chance does: Chernoff's bound on a binomial tail, P ≤ exp(−n·KL) (Hoeffding 1963, theorem 1), which
 * holds for every n, unlike a count of standard deviations. `tooFew` when not even one empty arm would show.
 * `requestsPerKey` divides n: all requests of one user go one way, so they are one draw (Kish's design effect, full
 * correlation within users).
 */
export function verifyShare(
  { stable, candidate }: Pick<ArmCounts, 'stable' | 'candidate'>,
  asked: number,
  requestsPerKey = 1,
): ShareVerdict {
  const requests = stable + candidate;
  if (requests === 0) return { kind: 'tooFew', actual: undefined, requests };
  const part = asked / FULL_SHARE;
  const draws = requests / requestsPerKey;
  const actual = Math.round((candidate / requests) * FULL_SHARE);
  if (draws * relativeEntropy(candidate / requests, part) > CERTAINTY) return { kind: 'differs', actual, requests };
  const isDecided = draws * surpriseOfAnEmptyArm(part) >= CERTAINTY;
  return { kind: isDecided ? 'matches' : 'tooFew', actual, requests };
}

/** What happened between two looks. Counters that began anew in between, or went back, count from their beginning. */
export function countsSince(before: ArmCounts, now: ArmCounts): ArmCounts {
  const isSame = before.began === now.began && now.stable >= before.stable && now.candidate >= before.candidate;
  if (!isSame) return now;
  return { stable: now.stable - before.stable, candidate: now.candidate - before.candidate, began: now.began };
}

function surpriseOfAnEmptyArm(part: number): number {
  if (part === 0 || part === 1) return -Math.log1p(-STRAY);
  return Math.min(relativeEntropy(0, part), relativeEntropy(1, part));
}

/** KL(Bernoulli(seen) ‖ Bernoulli(expected)) in nats; infinite where the expected is impossible. */
function relativeEntropy(seen: number, expected: number): number {
  return term(seen, expected) + term(1 - seen, 1 - expected);
}

function term(seen: number, expected: number): number {
  return seen === 0 ? 0 : seen * Math.log(seen / expected);
}
