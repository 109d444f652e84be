import type { FlagMetadata, JsonValue } from './snapshot.js';

/**
 * OpenFeature's resolution reasons as Sluice uses them (specification 0.9, types, resolution reason).
 * STATIC: on, and no context could have changed the answer. DEFAULT: nothing matched, or a prerequisite was
 * not met. TARGETING_MATCH: a target or rule. SPLIT: a pseudo-random assignment. DISABLED: the flag is off.
 */
export type Reason = 'STATIC' | 'DEFAULT' | 'TARGETING_MATCH' | 'SPLIT' | 'DISABLED' | 'ERROR';

/** OpenFeature's error codes (specification 0.9, types, error code). */
export type ErrorCode =
  | 'PROVIDER_NOT_READY'
  | 'FLAG_NOT_FOUND'
  | 'PARSE_ERROR'
  | 'TYPE_MISMATCH'
  | 'TARGETING_KEY_MISSING'
  | 'INVALID_CONTEXT'
  | 'GENERAL';

/**
 * The answer of one evaluation. Frozen and shared between calls: never change it.
 * `value` is undefined where the caller's default is to be used: on an error, or where no variation is configured.
 */
export interface Evaluation {
  readonly value: JsonValue | undefined;
  readonly variant: string | undefined;
  readonly reason: Reason;
  readonly flagMetadata: FlagMetadata;
  readonly errorCode: ErrorCode | undefined;
  readonly errorMessage: string | undefined;
}
