import { parse } from 'secure-json-parse';
import { invalid } from '../../kernel/errors.js';

/** Deeper than any honest request; recursion over a body stays far from the stack's end. */
const MAX_DEPTH = 64;
/** Throws where bytes are not UTF-8; made once, for to make one takes longer than to read a small body. */
export const UTF8 = new TextDecoder('utf-8', { fatal: true });
/** NUL itself, or its escape; behind a backslash that is escaped itself, \u0000 is six ordinary characters. */
const NUL = /\0|(?<!\\)(?:\\\\)*\\u0000/u;

/**
 * Reads a JSON body. Throws `invalid` for what is not UTF-8 (RFC 8259, 8.1), not JSON, too deep, has NUL characters
 * (which PostgreSQL cannot store) or keys that would reach an object's prototype. An empty body is undefined.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  const text = decodeUtf8(bytes);
  refuseDepth(text);
  if (hasNul(text)) {
    throw invalid('JSON_HAS_NUL', 'The body has a NUL character (\\u0000), which cannot be stored; leave it out.');
  }
  try {
    return parse(text, undefined, { protoAction: 'error', constructorAction: 'error' });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw invalid('JSON_MALFORMED', `The body is not JSON that can be used: ${why}.`);
  }
}

/** Lets a body through that is sent as it is; throws `invalid` for a Content-Encoding that would have to be undone. */
export function requireIdentityEncoding(contentEncoding: string | undefined): void {
  const encoding = contentEncoding?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return;
  throw invalid(
    'CONTENT_ENCODING_UNSUPPORTED',
    'The body is compressed, which is not accepted here; send it as it is, without Content-Encoding.',
  );
}

/** Whether a text of JSON has the NUL character, which PostgreSQL cannot store. */
export function hasNul(json: string): boolean {
  return NUL.test(json);
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw invalid('BODY_NOT_UTF8', 'The body is not valid UTF-8; JSON must be.');
  }
}

/** Counts brackets outside of strings, before a parser recurses into them. */
function refuseDepth(text: string): void {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (isInString) {
      if (char === '\\') at++;
      else if (char === '"') isInString = false;
    } else if (char === '"') isInString = true;
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    if (depth > MAX_DEPTH) throw invalid('JSON_TOO_DEEP', `The body nests deeper than ${MAX_DEPTH} levels.`);
  }
}
