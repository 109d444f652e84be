import type { Evaluation, FlagMetadata, JsonValue, Reason } from '@sluice/sdk/evaluation';
import { invalid, notFound, precondition, type SluiceError } from '../../kernel/errors.js';
import { plainText } from '../../kernel/plain-text.js';

const MAX_QUOTED = 200;

/** JSON as protobuf's own types have it; nobody changes it. */
export type JsonObject = { [key: string]: MutableJson };
export type MutableJson = null | boolean | number | string | MutableJson[] | JsonObject;

/** What flagd's clients ask for, and how each comes to them. */
export interface FlagdValues {
  readonly boolean: boolean;
  readonly string: string;
  readonly float: number;
  readonly int: bigint;
  readonly object: JsonObject;
}
export type FlagdType = keyof FlagdValues;

/** One evaluation as flagd.evaluation.v2 words it. Without a value the client takes the default in its code. */
export interface FlagdAnswer<Value> {
  readonly value?: Value;
  readonly variant?: string;
  readonly reason: Reason;
  readonly metadata: FlagMetadata;
}

const READ: { readonly [Type in FlagdType]: (value: JsonValue) => FlagdValues[Type] | undefined } = {
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  string: (value) => (typeof value === 'string' ? value : undefined),
  float: (value) => (typeof value === 'number' ? value : undefined),
  // No more than 2^53: what JSON holds beyond is no longer the number that was meant.
  int: (value) => (Number.isSafeInteger(value) ? BigInt(value as number) : undefined),
  object: (value) => (isObject(value) ? value : undefined),
};

/**
 * The answer to one evaluation, asked for as a type. Throws what flagd's clients make OpenFeature's errors of: notFound
 * `FLAG_NOT_FOUND`, invalid `TYPE_MISMATCH` and `PARSE_ERROR`, precondition for those that flagd has no word for.
 */
export function toFlagdAnswer<Type extends FlagdType>(
  key: string,
  evaluation: Evaluation,
  type: Type,
): FlagdAnswer<FlagdValues[Type]> {
  if (evaluation.errorCode !== undefined) throw failureOf(key, evaluation);
  const { value, variant, reason, flagMetadata: metadata } = evaluation;
  const answer = { reason, metadata, ...(variant === undefined ? {} : { variant }) };
  if (value === undefined) return answer;
  const read = READ[type](value);
  if (read !== undefined) return { ...answer, value: read };
  throw invalid('TYPE_MISMATCH', `The value of ${quoted(key)} is ${nameOf(value)}, not ${NAMES[type]}.`);
}

/** flagd.evaluation.v1 has no way to leave a value out; as flag not found, its clients take the default in their code. */
export function requireValue<Value>(
  key: string,
  answer: FlagdAnswer<Value>,
): FlagdAnswer<Value> & { readonly value: Value } {
  const { value } = answer;
  if (value !== undefined) return { ...answer, value };
  throw notFound(
    'FLAG_NOT_FOUND',
    `${quoted(key)} serves no value here (${answer.reason}); take the default in the code.`,
  );
}

/** One flag of a bulk evaluation. */
export interface FlagdBulkAnswer {
  readonly reason: Reason;
  readonly variant: string;
  readonly metadata: FlagMetadata;
  readonly value:
    | { readonly case: 'boolValue'; readonly value: boolean }
    | { readonly case: 'stringValue'; readonly value: string }
    | { readonly case: 'doubleValue'; readonly value: number }
    | { readonly case: 'objectValue'; readonly value: JsonObject };
}

/** A flag of a bulk evaluation; undefined: it is left out, for the client is to take the default in its code. */
export function toFlagdBulkAnswer(evaluation: Evaluation): FlagdBulkAnswer | undefined {
  const { value, variant = '', reason, flagMetadata: metadata } = evaluation;
  const answer = { reason, variant, metadata };
  if (typeof value === 'boolean') return { ...answer, value: { case: 'boolValue', value } };
  if (typeof value === 'string') return { ...answer, value: { case: 'stringValue', value } };
  if (typeof value === 'number') return { ...answer, value: { case: 'doubleValue', value } };
  // flagd carries no arrays, and null is no value.
  return value !== undefined && isObject(value) ? { ...answer, value: { case: 'objectValue', value } } : undefined;
}

function failureOf(key: string, { errorCode, errorMessage }: Evaluation): SluiceError {
  const message = errorMessage ?? 'The flag cannot be evaluated.';
  switch (errorCode) {
    case 'FLAG_NOT_FOUND':
      return notFound('FLAG_NOT_FOUND', `There is no flag ${quoted(key)} in this environment.`);
    case 'PARSE_ERROR':
      return invalid('PARSE_ERROR', message);
    case 'TYPE_MISMATCH':
      return invalid('TYPE_MISMATCH', message);
    default:
      return precondition(errorCode ?? 'GENERAL', message);
  }
}

const NAMES: Readonly<Record<FlagdType, string>> = {
  boolean: 'a boolean',
  string: 'a string',
  float: 'a number',
  int: 'an integer',
  object: 'an object',
};

function nameOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** As much of a key as leaves room for the sentence around it: statuses of gRPC are cut. */
function quoted(key: string): string {
  return `"${plainText(key, MAX_QUOTED)}"`;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
