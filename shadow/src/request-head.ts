import { eachField, endToEnd, type FieldLines, hasField, namesToken, withoutField } from './field-lines.js';

/** What is passed on of a request before its body. */
export interface RequestHead {
  readonly method: string;
  /** In origin form, or `*`. */
  readonly path: string;
  readonly lines: FieldLines;
}

/** A request as it came in. */
export interface IncomingHead {
  readonly method: string;
  /** As in the request line. */
  readonly target: string;
  readonly lines: FieldLines;
  readonly httpVersion: string;
  /** Address of whoever sent it. */
  readonly peer: string;
}

/** Which Host the services see: the caller's, or their own. */
export type HostPolicy = 'preserve' | 'target';

/** Arms that are sent a copy: the candidate, and the second instance of the primary's version. */
export type CopyArm = 'candidate' | 'secondary';

/** Marks copies, so that a service can tell them, and a further proxy copies none of them again. */
export const SHADOW_HEADER = 'sluice-shadow';
const PSEUDONYM = 'sluice-shadow';

/** The request target in origin form; undefined for one that names no resource here. */
export function pathOf(target: string): string | undefined {
  if (target.startsWith('/') || target === '*') return target;
  const url = /^https?:\/\//i.test(target) && URL.canParse(target) ? new URL(target) : undefined;
  return url && `${url.pathname}${url.search}`;
}

/**
 * The head that the primary is sent: the caller's fields that are meant for it, with this hop in Via (RFC 9110, 7.6.3)
 * and X-Forwarded-*. The body keeps its framing.
 */
export function headForPrimary(
  incoming: IncomingHead,
  path: string,
  authority: string,
  policy: HostPolicy,
): RequestHead {
  const isChunked = hasField(incoming.lines, 'transfer-encoding');
  const all = forwarded(incoming, authority, policy);
  // Trailers need chunks.
  const lines = isChunked ? all : withoutField(all, 'trailer');
  if (namesToken(incoming.lines, 'te', 'trailers')) lines.push('Connection', 'keep-alive, TE', 'TE', 'trailers');
  if (isChunked) lines.push('Transfer-Encoding', 'chunked');
  else if (!isBodiless(incoming.method) && !hasField(lines, 'content-length')) lines.push('Content-Length', '0');
  return { method: incoming.method, path, lines };
}

/** The head of an upgrade that is passed on: what the two ends negotiate stays in. */
export function headForUpgrade(
  incoming: IncomingHead,
  path: string,
  authority: string,
  policy: HostPolicy,
): RequestHead {
  const lines = forwarded(incoming, authority, policy);
  lines.push('Connection', 'Upgrade');
  eachField(incoming.lines, (name, value, line) => {
    if (name === 'upgrade') lines.push(line, value);
  });
  return { method: incoming.method, path, lines };
}

/** The head of a copy, with a body of so many bytes, or none. */
export function headForCopy(
  incoming: IncomingHead,
  path: string,
  about: {
    readonly arm: CopyArm;
    readonly authority: string;
    readonly policy: HostPolicy;
    readonly traceparent: string;
    readonly bodyBytes: number | undefined;
  },
): RequestHead {
  const lines: string[] = [];
  eachField(forwarded(incoming, about.authority, about.policy), (name, value, line) => {
    if (!OF_THE_ORIGINAL.has(name)) lines.push(line, value);
  });
  lines.push(SHADOW_HEADER, about.arm, 'traceparent', about.traceparent);
  const bytes = about.bodyBytes ?? (isBodiless(incoming.method) ? undefined : 0);
  if (bytes !== undefined) lines.push('Content-Length', String(bytes));
  return { method: incoming.method, path, lines };
}

/** Whether requests of a method have no body unless they say so (RFC 9110, 8.6). */
function isBodiless(method: string): boolean {
  return !['POST', 'PUT', 'PATCH'].includes(method);
}

/** What a copy says for itself, or has no use for. */
const OF_THE_ORIGINAL: ReadonlySet<string> = new Set([
  'content-length',
  'expect',
  'trailer',
  'traceparent',
  SHADOW_HEADER,
]);

function forwarded(incoming: IncomingHead, authority: string, policy: HostPolicy): string[] {
  const { lines, peer, httpVersion } = incoming;
  const passed: string[] = [];
  let [via, forwardedFor, host] = ['', '', ''];
  let hasProto = false;
  eachField(endToEnd(lines), (name, value, line) => {
    if (name === 'host') host = value;
    else if (name === 'via') via += `${value}, `;
    else if (name === 'x-forwarded-for') forwardedFor += `${value}, `;
    else if (name === 'x-forwarded-host' && policy === 'target') return;
    else {
      hasProto ||= name === 'x-forwarded-proto';
      passed.push(line, value);
    }
  });
  const isOwnHost = policy === 'target' || host === '';
  passed.unshift('Host', isOwnHost ? authority : host);
  if (isOwnHost && host !== '') passed.push('X-Forwarded-Host', host);
  passed.push('X-Forwarded-For', forwardedFor + peer);
  if (!hasProto) passed.push('X-Forwarded-Proto', 'http');
  passed.push('Via', `${via}${httpVersion} ${PSEUDONYM}`);
  return passed;
}
