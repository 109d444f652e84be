import { eachField, endToEnd, type FieldLines, namesToken } from './field-lines.js';
import { bodyValueOf, digestOf } from './body-value.js';
import { decodeContent } from './content-coding.js';

/** What of an answer is compared: rules name its places as `$.headers.etag` or `$.body.items[*].price`. */
export interface ObservedAnswer {
  readonly status: number;
  /** By name in small letters; of several lines, joined by a comma. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** An answer as it came in. */
export interface ReceivedAnswer {
  readonly method: string;
  readonly status: number;
  readonly lines: FieldLines;
  /** Its body, encoded as it was; undefined where it is longer than what is kept. */
  readonly body: Buffer | undefined;
}

/**
 * Fields that differ between any two answers, whoever gives them: they are left out unless asked for. The rest is a
 * matter of the run's rules, at `$.headers.<name>`.
 */
export const VOLATILE_HEADERS: readonly string[] = [
  'date',
  'age',
  'server-timing',
  'x-request-id',
  'x-response-time',
  'traceparent',
  'tracestate',
];

/** Stands for a candidate's body that is longer than what is kept, where the primary's is not. */
const TOO_LONG = 'longer than what is compared';

/** What is compared of an answer. Of a primary's whose body is too long nothing is: `incomparable`. */
export async function observeAnswer(
  answer: ReceivedAnswer,
  about: { readonly isPrimary: boolean; readonly ignored: ReadonlySet<string>; readonly limit: number },
): Promise<ObservedAnswer> {
  const { status } = answer;
  const headers = headersOf(answer, about.ignored);
  const body = await readBody(answer, about.limit);
  if (body !== undefined) return { status, headers, body: body.value };
  return about.isPrimary ? incomparable() : { status, headers, body: TOO_LONG };
}

/**
 * In place of an answer about which nothing can be said: its caller left, or it is longer than what is kept. Whoever
 * reads it fails, so that the call counts as compare_error, and neither for nor against the candidate.
 */
export function incomparable(): ObservedAnswer {
  return {
    status: 0,
    headers: {},
    get body(): unknown {
      throw new TypeError('There is nothing of this answer to compare.');
    },
  };
}

/** Whether an answer goes on for as long as its reader stays, so that it has no whole to compare. */
export function isEndless(lines: FieldLines): boolean {
  return namesToken(lines, 'content-type', 'text/event-stream');
}

/** Undefined where it is too long. */
async function readBody(
  { body, lines }: ReceivedAnswer,
  limit: number,
): Promise<{ readonly value: unknown } | undefined> {
  if (body === undefined) return undefined;
  const codings = fieldOf(lines, 'content-encoding');
  const type = fieldOf(lines, 'content-type');
  if (codings === undefined || body.length === 0) return { value: bodyValueOf(body, type) };
  const decoded = await decodeContent(body, codings, limit);
  switch (decoded.kind) {
    case 'body':
      return { value: bodyValueOf(decoded.body, type) };
    case 'undecodable':
      return { value: digestOf(body) };
    case 'tooLong':
      return undefined;
  }
}

function headersOf({ method, status, lines }: ReceivedAnswer, ignored: ReadonlySet<string>): Record<string, unknown> {
  const headers = new Map<string, unknown>();
  const cookies = new Map<string, unknown>();
  // Of an answer with a body its length says nothing that the body does not, and two encodings differ in it.
  const isLengthTold = method === 'HEAD' || status === 304;
  eachField(endToEnd(lines), (name, value) => {
    if (ignored.has(name) || (name === 'content-length' && !isLengthTold)) return;
    if (name === 'set-cookie') addCookie(cookies, value);
    else headers.set(name, headers.has(name) ? `${String(headers.get(name))}, ${value}` : value);
  });
  if (cookies.size > 0) headers.set('set-cookie', Object.fromEntries(cookies));
  return Object.fromEntries(headers);
}

/** By the cookie's name, so that rules can name its parts. Without Expires, which follows the clock; Max-Age stays. */
function addCookie(cookies: Map<string, unknown>, line: string): void {
  const [pair = '', ...attributes] = line.split(';');
  const [name, value] = splitAt(pair, '=');
  const parts = attributes.map((each): [string, string] => {
    const [key, content] = splitAt(each, '=');
    return [key.toLowerCase(), content];
  });
  const kept = parts.filter(([key]) => key !== '' && key !== 'expires');
  cookies.set(name, { value, ...Object.fromEntries(kept) });
}

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text.trim(), ''] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

function fieldOf(lines: FieldLines, field: string): string | undefined {
  let found: string | undefined;
  eachField(lines, (name, value) => {
    if (name === field) found = found === undefined ? value : `${found}, ${value}`;
  });
  return found;
}
