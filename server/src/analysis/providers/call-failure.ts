import type { MetricErrorCode } from './metric-provider.js';

/** What the one who calls may do about a failure. */
export type FailureEffect =
  /** The provider is in trouble: ask again where that is safe, and count it. */
  | 'outage'
  /** Asking again would bring the same. */
  | 'final';

/** Why a call brought no answer that can be read. Thrown and caught within providers only. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';

  constructor(
    readonly code: MetricErrorCode,
    message: string,
    readonly effect: FailureEffect = 'final',
  ) {
    super(message);
  }
}
