import { createHash } from 'node:crypto';

/** A body of which only the bytes can be compared. */
export interface BodyDigest {
  readonly sha256: string;
  readonly bytes: number;
}

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json$/;
const TEXT_TYPE = /^(?:text\/.+|application\/(?:[\w.+-]+\+)?(?:xml|javascript|x-www-form-urlencoded|x-ndjson|yaml))$/;
/** A number that may be more exact than a double is. */
const LONG_NUMBER = /\d{16}/;

/**
 * What of a decoded body is compared: JSON as the value that it stands for, text as text, all else, and what is not what
 * its content type says, by its digest. Never throws.
 */
export function bodyValueOf(body: Buffer, contentType: string | undefined): unknown {
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((each) => each.trim().toLowerCase());
  const isJson = JSON_TYPE.test(type);
  if (body.length === 0 || (!isJson && !TEXT_TYPE.test(type))) return digestOf(body);
  const text = textOf(body, parameters.find((each) => each.startsWith('charset='))?.slice('charset='.length));
  if (text === undefined) return digestOf(body);
  if (!isJson) return text;
  const json = parsed(text);
  return json === undefined ? digestOf(body) : json.value;
}

/** A body as its bytes. */
export function digestOf(body: Buffer): BodyDigest {
  return { sha256: createHash('sha256').update(body).digest('hex'), bytes: body.length };
}

function textOf(body: Buffer, charset = 'utf-8'): string | undefined {
  if (!['utf-8', 'utf8', '"utf-8"', 'us-ascii'].includes(charset)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

/** Undefined where it is no JSON. */
function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    // Engines hand a reviver the source of primitive values; the types do not know it yet.
    return { value: LONG_NUMBER.test(text) ? JSON.parse(text, exactly) : JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** A whole number that no double holds stays as it was written, so that two of them are not equal by rounding. */
function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || !/^-?\d{16,}$/.test(source)) return value;
  return Number.isFinite(value) && BigInt(source) === BigInt(value) ? value : source;
}
