/**
 * What is known of one metric. The five are never merged: only `fail` may roll back, only `pass` may advance, and
 * `error` (it could not be asked) does neither by itself.
 */
export type MetricState = 'pass' | 'fail' | 'inconclusive' | 'pending' | 'error';

/** A state, and a sentence for a person that says why. */
export interface MetricVerdict {
  readonly state: MetricState;
  readonly reason: string;
}

const fromBestToWorst: readonly MetricState[] = ['pass', 'pending', 'inconclusive', 'error', 'fail'];

/** The worst of many states; `pending` for none at all, since no measurement never counts as success. */
export function worstOf(states: readonly MetricState[]): MetricState {
  const ranks = states.map((state) => fromBestToWorst.indexOf(state));
  return fromBestToWorst[Math.max(...ranks)] ?? 'pending';
}
