import { startEvidence, type CountEvidence } from './count-evidence.js';
import { logMeanExp } from './log-sum-exp.js';

/** The largest ratio that is told apart from larger ones, and the inverse of the smallest. */
const WIDEST = 32;
const NODES_PER_DOUBLING = 8;

const nodeCount = 2 * Math.log2(WIDEST) * NODES_PER_DOUBLING + 1;
const nodes: readonly number[] = Array.from(
  { length: nodeCount },
  (_, index) => 2 ** (index / NODES_PER_DOUBLING) / WIDEST,
);

/** The ratio of bad-event rates, candidate to stable. */
export interface RatioInterval {
  /** The likeliest ratio; 0 for below 1/32, null for above 32. */
  readonly estimate: number | null;
  /** 0 where no ratio is too low to be true. */
  readonly low: number;
  /** Null where no ratio is too high. */
  readonly high: number | null;
}

/** Collects, tick by tick, what `ratioInterval` needs: the log likelihood of ratios from 1/32 to 32, relative to 1. */
export function startRatioEvidence(): CountEvidence {
  return startEvidence(1, nodes);
}

/**
 * The estimated ratio, and an interval that holds the true one at all ticks together with a chance of at least
 * 1 − alpha: all ratios against which the likelihood of a mixture of all ratios is less than 1/alpha times theirs
 * (Robbins 1970). Undefined before any evidence. Bounds err outwards.
 */
export function ratioInterval(evidence: CountEvidence, alpha: number): RatioInterval | undefined {
  const logL = evidence.logE;
  if (logL.every((value) => value === 0)) return undefined;
  const level = logMeanExp(logL) - Math.log(1 / alpha);
  const top = logL.indexOf(Math.max(...logL));
  const low = crossing(logL, level, top, -1);
  const high = crossing(logL, level, top, 1);
  return { estimate: estimateAt(logL, top), low: low ?? 0, high: high ?? null };
}

/** The peak of the parabola through the likeliest node and its neighbours. */
function estimateAt(logL: readonly number[], top: number): number | null {
  if (top === 0) return 0;
  if (top === logL.length - 1) return null;
  const [before, at, after] = [valueAt(logL, top - 1), valueAt(logL, top), valueAt(logL, top + 1)];
  const curvature = before - 2 * at + after;
  return ratioAt(curvature === 0 ? top : top + (before - after) / (2 * curvature));
}

/**
 * Where the log likelihood falls to `level` on one side of its top, or undefined when it does not. It is concave in
 * ln(ratio): between two nodes it lies below the line through the two nodes before, and that through the two after.
 */
function crossing(logL: readonly number[], level: number, top: number, side: 1 | -1): number | undefined {
  let inner = top;
  while (valueAt(logL, inner + side) >= level) inner += side;
  const outer = inner + side;
  if (outer < 0 || outer >= logL.length) return undefined;
  const slopeBefore = valueAt(logL, inner) - valueAt(logL, inner - side);
  const slopeAfter = valueAt(logL, outer + side) - valueAt(logL, outer);
  const byBefore = slopeBefore < 0 ? (level - valueAt(logL, inner)) / slopeBefore : 1;
  const byAfter = 1 - (level - valueAt(logL, outer)) / -slopeAfter;
  return ratioAt(inner + side * Math.min(1, byBefore, byAfter));
}

function valueAt(logL: readonly number[], index: number): number {
  return logL[index] ?? -Infinity;
}

function ratioAt(position: number): number {
  return 2 ** (position / NODES_PER_DOUBLING) / WIDEST;
}
