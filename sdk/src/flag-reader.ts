import { evaluate } from './evaluation/index.js';
import type { EvaluationContext } from './evaluation/context.js';
import type { ErrorCode, Evaluation, Reason } from './evaluation/reason.js';
import type { FlagMetadata, FlagType, JsonValue } from './evaluation/snapshot.js';
import type { SnapshotStore } from './delivery/snapshot-store.js';
import type { Exposure } from './telemetry/exposures.js';
import type { Summary } from './telemetry/summary.js';

/** An answer and how it came about. */
export interface FlagDetails<Value> {
  readonly value: Value;
  /** Key of the variation; undefined where the default was used. */
  readonly variant: string | undefined;
  readonly reason: Reason;
  readonly errorCode: ErrorCode | undefined;
  readonly errorMessage: string | undefined;
  readonly flagMetadata: FlagMetadata;
}

/**
 * Reads flags of one type. Never throws, never waits, does no I/O: whatever is wrong, the answer is the default.
 * Objects and lists are frozen: copy them before changing them.
 */
export interface FlagReader<Value> {
  (flagKey: string, context: EvaluationContext, defaultValue: Value): Value;
  /** The same answer with its variation, reason and error. */
  details(flagKey: string, context: EvaluationContext, defaultValue: Value): FlagDetails<Value>;
}

const NO_METADATA: FlagMetadata = Object.freeze({});
const NOT_READY = failed('PROVIDER_NOT_READY', 'No snapshot has arrived yet.');

/** Who is told what it was exposed to. */
interface Exposed {
  expose(exposure: Exposure): void;
}

/** Evaluates the flags of the snapshot being served, and counts what it answered. */
export class FlagEvaluator {
  constructor(
    private readonly store: SnapshotStore,
    private readonly summary: Summary,
    private readonly now: () => number,
    /** The unit that is being worked on, if any. */
    private readonly currentUnit: () => Exposed | undefined,
  ) {}

  /** A reader of flags of this type; `Value` is what that type's variations hold. */
  reader<Value extends JsonValue>(type: FlagType): FlagReader<Value> {
    const read = (flagKey: string, context: EvaluationContext, defaultValue: Value): Value => {
      const { value } = this.#evaluate(flagKey, context, type);
      // The evaluation is of a flag of this type, so its value is too.
      return value === undefined ? defaultValue : (value as Value);
    };
    const details = (flagKey: string, context: EvaluationContext, defaultValue: Value): FlagDetails<Value> => {
      const { value, variant, reason, errorCode, errorMessage, flagMetadata } = this.#evaluate(flagKey, context, type);
      // As above.
      const answer = value === undefined ? defaultValue : (value as Value);
      return { value: answer, variant, reason, errorCode, errorMessage, flagMetadata };
    };
    return Object.freeze(Object.assign(read, { details }));
  }

  /** Reads one flag for a unit, as an exposure of it. */
  read<Value extends JsonValue>(
    unit: Exposed,
    type: FlagType,
    flagKey: string,
    context: EvaluationContext,
    defaultValue: Value,
  ): Value {
    const { value } = this.#evaluate(flagKey, context, type, unit);
    // As in reader.
    return value === undefined ? defaultValue : (value as Value);
  }

  /** The variation that a flag of any type serves, as an exposure; undefined where the default would be used. */
  variationOf(flagKey: string, context: EvaluationContext): string | undefined {
    const type = this.store.typeOf(flagKey);
    return type && this.#evaluate(flagKey, context, type).variant;
  }

  /** Every flag's answer for one context, by key; not counted, for nobody has acted on them yet. */
  evaluateAll(context: EvaluationContext): Readonly<Record<string, Evaluation>> {
    const keys = this.store.compiled?.keys() ?? [];
    return Object.fromEntries(Array.from(keys, (key) => [key, this.#ask(key, context)]));
  }

  #evaluate(flagKey: string, context: EvaluationContext, type: FlagType, unit?: Exposed): Evaluation {
    let evaluation = this.#ask(flagKey, context);
    const actual = this.store.typeOf(flagKey);
    if (actual !== undefined && actual !== type) {
      evaluation = failed(
        'TYPE_MISMATCH',
        `Flag '${flagKey}' is of type ${actual}, not ${type}.`,
        evaluation.flagMetadata,
      );
    }
    const variation = evaluation.value === undefined ? null : (evaluation.variant ?? null);
    this.summary.record(flagKey, variation, this.now());
    const { flags } = this.store.exposures;
    if (flags !== undefined) {
      const exposure = flags.get(evaluation);
      if (exposure !== undefined) (unit ?? this.currentUnit())?.expose(exposure);
    }
    return evaluation;
  }

  #ask(flagKey: string, context: EvaluationContext): Evaluation {
    const { compiled } = this.store;
    return compiled ? evaluate(compiled, flagKey, context) : NOT_READY;
  }
}

function failed(errorCode: ErrorCode, errorMessage: string, flagMetadata = NO_METADATA): Evaluation {
  return Object.freeze({
    value: undefined,
    variant: undefined,
    reason: 'ERROR',
    errorCode,
    errorMessage,
    flagMetadata,
  });
}
