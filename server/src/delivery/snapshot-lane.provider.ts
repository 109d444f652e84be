import { apiKeyOf, type Authenticator } from '../auth/index.js';
import type { Lane } from '../platform/http/fast-lane.js';
import type { RouteTally } from '../platform/http/http-metrics.provider.js';
import { requestIdOf } from '../platform/request-id.js';
import { answerSnapshot } from './snapshot-answer.js';
import type { SnapshotCache } from './snapshot-cache.service.js';

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
  return (request, response) => {
    const { headers, method, socket, url } = request;
    if (url !== path || method !== 'GET') return false;
    const credentials = { authorization: headers.authorization, apiKey: apiKeyOf(headers) };
    const token = authenticator.recall(credentials, 'snapshot.read', socket);
    const prepared = typeof token?.environmentId === 'string' ? cache.peek(token.environmentId) : undefined;
    if (prepared === undefined) return false;
    const { status, headers: own, body } = answerSnapshot(prepared, headers);
    if (body !== undefined && !Buffer.isBuffer(body)) return false;

    tally.follow(response);
    const more = { 'x-request-id': requestIdOf(headers['x-request-id']), 'x-content-type-options': 'nosniff' };
    if (body === undefined) response.writeHead(status, { ...own, ...more }).end();
    else response.writeHead(status, { ...own, ...more, 'content-length': body.length }).end(body);
    return true;
  };
}
