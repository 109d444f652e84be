import { apiKeyOf, type Authenticator } from '../auth/index.js';
import type { Lane } from '../platform/http/fast-lane.js';
import type { RouteTally } from '../platform/http/http-metrics.provider.js';
import { requestIdOf } from '../platform/request-id.js';
import { chooseEncoding } from './accept-encoding.js';
import { answerSnapshot } from './snapshot-answer.js';
import type { SnapshotCache } from './snapshot-cache.service.js';

/** Of bodies that are sent as text. Node copies those, which is less than a second piece costs while they are small. */
const MAX_TEXT_BYTES = 64 * 1_024;

/**
 * The way by which nearly all SDKs that poll are answered: whose token is in memory gets the snapshot that is in memory.
 * Whatever needs more than that, a refusal as well, is left to the route.
 */
export function snapshotLane(
  path: string,
  authenticator: Authenticator,
  cache: SnapshotCache,
  tally: RouteTally,
): Lane {
  const choose = rememberingLast(chooseEncoding);
  const texts = new WeakMap<Buffer, string>();
  /** Bytes as characters: Node writes a head and a text in one piece, and a head and a buffer in two. */
  const textOf = (body: Buffer): string => {
    const text = texts.get(body) ?? body.toString('latin1');
    texts.set(body, text);
    return text;
  };
  return (request, response) => {
    const { headers, method, socket, url } = request;
    if (url !== path || method !== 'GET') return false;
    const credentials = { authorization: headers.authorization, apiKey: apiKeyOf(headers) };
    const token = authenticator.recall(credentials, 'snapshot.read', socket);
    const prepared = typeof token?.environmentId === 'string' ? cache.peek(token.environmentId) : undefined;
    if (prepared === undefined) return false;
    const { status, headers: own, body } = answerSnapshot(prepared, headers, choose);
    if (body !== undefined && !Buffer.isBuffer(body)) return false;

    tally.follow(response);
    const more = { 'x-request-id': requestIdOf(headers['x-request-id']), 'x-content-type-options': 'nosniff' };
    if (body === undefined) {
      response.writeHead(status, { ...own, ...more }).end();
      return true;
    }
    response.writeHead(status, { ...own, ...more, 'content-length': body.length });
    if (body.length > MAX_TEXT_BYTES) response.end(body);
    else response.end(textOf(body), 'latin1');
    return true;
  };
}

/** The same choice, kept for the header that was asked for last: nearly all who poll send the same. */
function rememberingLast(choose: typeof chooseEncoding): typeof chooseEncoding {
  let last: { readonly header: string | undefined; readonly coding: ReturnType<typeof choose> } | undefined;
  return (header) => {
    if (last === undefined || last.header !== header) last = { header, coding: choose(header) };
    return last.coding;
  };
}
