import type { EvaluationContext } from '@sluice/sdk/evaluation';
import { invalid } from '../kernel/errors.js';
import { UTF8 } from '../platform/http/json-body.js';

/**
 * Reads a body as JSON, whatever the content type says. Unlike the management API nothing of it is stored, so NUL and
 * keys like `__proto__` may stand in it, as in the contexts of any SDK. Throws `invalid`; an empty body is undefined.
 */
export function parseOfrepBody(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(UTF8.decode(bytes)) as unknown;
  } catch (error) {
    throw invalid('PARSE_ERROR', `The body is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/**
 * The context of an OFREP request. None, an empty body and null are an empty context, as flagd has it; flags that need
 * a targeting key say so themselves. Throws `invalid` with the OFREP error code as its code.
 */
export function parseOfrepContext(body: unknown): EvaluationContext {
  if (body === undefined || body === null) return {};
  if (!isObject(body)) throw invalid('PARSE_ERROR', 'The body must be an object with a context.');
  const context = body['context'];
  if (context === undefined || context === null) return {};
  if (!isObject(context)) throw invalid('INVALID_CONTEXT', 'The context must be an object of attributes.');
  // It came out of a JSON parser, so its attributes are JSON.
  return context as EvaluationContext;
}

const FLAG_ROUTE = '/ofrep/v1/evaluate/flags/';

/**
 * The flag key of a single evaluation's URL, `/` encoded or not (older clients leave it as it is). Read from the raw
 * URL, since routers fold what they take for trailing slashes. Throws `invalid` for what does not decode.
 */
export function parseFlagKey(url: string): string {
  const path = url.split(/[?#]/u, 1)[0] ?? '';
  try {
    return decodeURIComponent(path.slice(FLAG_ROUTE.length));
  } catch {
    throw invalid('PARSE_ERROR', 'The flag key in the URL is not percent-encoded UTF-8.');
  }
}

/**
 * Tells whether a bulk evaluation may be answered 304. A client that was told of a configuration other than the one we
 * serve wants to see for itself (open-feature/protocol, pull request 84).
 */
export function mayBeNotModified(flagConfigEtag: unknown, position: string): boolean {
  return flagConfigEtag === undefined || flagConfigEtag === '' || flagConfigEtag === position;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
