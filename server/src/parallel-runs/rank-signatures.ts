import { comparedCalls } from './add-sums.js';
import type { RunSignature } from './run-signature.js';
import type { RunSums } from './sums.js';

/** A signature and how much of it the control's own repetition does not explain. */
export interface RankedSignature extends RunSignature {
  /** n − twins · calls / twinCalls, not below 0; n where the control never ran twice. */
  readonly excess: number;
}

/**
 * Signatures with the most excess over noise first. Of c compared calls t ran the control twice; a fault that its twin
 * showed k times in t calls is expected k·c/t times in all of them, though the candidate be as good as the control.
 */
export function rankSignatures(signatures: readonly RunSignature[], sums: RunSums): readonly RankedSignature[] {
  const calls = comparedCalls(sums);
  const twinCalls = sums.twins.n;
  return signatures
    .map((each) => ({ ...each, excess: excessOf(each, calls, twinCalls) }))
    .sort((a, b) => b.excess - a.excess || b.n - a.n || (a.id < b.id ? -1 : 1));
}

function excessOf({ n, twins }: RunSignature, calls: number, twinCalls: number): number {
  return twinCalls === 0 ? n : Math.max(0, n - (twins * calls) / twinCalls);
}
