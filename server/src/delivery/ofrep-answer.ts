import type { ErrorCode, Evaluation } from '@sluice/sdk/evaluation';

/** One evaluation as OFREP 0.3.0 words it. Without `value` the client uses the default in its code. */
export interface OfrepAnswer {
  readonly status: 200 | 400 | 404;
  readonly json: string;
}

/** Answers are frozen, shared between calls and each of one flag: so their JSON is made once. */
const known = new WeakMap<Evaluation, OfrepAnswer>();

/** The answer to one flag's evaluation, also an item of a bulk answer. */
export function toOfrepAnswer(key: string, evaluation: Evaluation): OfrepAnswer {
  // The one answer that all unknown keys share.
  if (evaluation.errorCode === 'FLAG_NOT_FOUND') return wordAnswer(key, evaluation);
  const made = known.get(evaluation);
  if (made !== undefined) return made;
  const answer = wordAnswer(key, evaluation);
  known.set(evaluation, answer);
  return answer;
}

function wordAnswer(key: string, evaluation: Evaluation): OfrepAnswer {
  const { value, reason, variant, errorCode, errorMessage } = evaluation;
  const metadata = metadataOf(evaluation);
  if (errorCode !== undefined) {
    const json = JSON.stringify({ key, errorCode: onWire(errorCode), errorDetails: errorMessage, metadata });
    return { status: errorCode === 'FLAG_NOT_FOUND' ? 404 : 400, json };
  }
  return { status: 200, json: JSON.stringify({ key, value, reason, variant, metadata }) };
}

/** OFREP has fewer codes than OpenFeature; the others are a client's own. */
function onWire(code: ErrorCode): ErrorCode {
  return code === 'PROVIDER_NOT_READY' || code === 'TYPE_MISMATCH' ? 'GENERAL' : code;
}

function metadataOf({ flagMetadata }: Evaluation): Record<string, string | number | boolean> | undefined {
  const entries = Object.entries(flagMetadata).filter(([, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value),
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
