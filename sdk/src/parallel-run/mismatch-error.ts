import type { Difference, RunVerdict } from '../comparison/index.js';

/** Thrown by calls with `raiseOnMismatch`, for tests: a candidate and the control are not equivalent. */
export class MismatchError extends Error {
  override readonly name = 'MismatchError';

  constructor(
    readonly run: string,
    readonly candidate: string,
    readonly verdict: RunVerdict,
    readonly differences: readonly Difference[],
    /** What the control threw, if it did. */
    options?: ErrorOptions,
  ) {
    const places = differences.map(({ path, kind, transition }) => `${path} (${kind} ${transition})`).join(', ');
    super(
      `The ${candidate} of parallel run '${run}' came to ${verdict}${places === '' ? '' : `: ${places}`}.`,
      options,
    );
  }
}
