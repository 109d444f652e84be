import type { FastifyRequest } from 'fastify';
import type { RequestContext } from '../kernel/request-context.js';
import type { AccessToken } from './access-token.js';
import type { Credentials } from './authenticator.service.js';

/** What a request shows of who sends it. */
export function credentialsOf({ headers, ip }: Pick<FastifyRequest, 'headers' | 'ip'>): Credentials {
  const apiKey = headers['x-api-key'];
  return {
    authorization: headers.authorization,
    apiKey: Array.isArray(apiKey) ? apiKey[0] : apiKey,
    address: ip,
  };
}

/** The context in which a token's holder acts. */
export function requestContextOf(request: Pick<FastifyRequest, 'headers' | 'id'>, token: AccessToken): RequestContext {
  const traceparent = request.headers['traceparent'];
  return {
    actor: { kind: 'token', id: token.id, name: token.name },
    requestId: request.id,
    traceparent: Array.isArray(traceparent) ? traceparent[0] : traceparent,
    projectId: token.projectId ?? undefined,
    environmentId: token.environmentId ?? undefined,
  };
}
