import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { RequestContext } from '../kernel/request-context.js';
import type { Credentials } from './authenticator.service.js';
import { refuseCrossSite, type SentBy } from './cross-site.js';
import { type CookieRequest, secretIn, SESSION } from './session-cookie.js';

/** Where browsers' cookies count: what services call never takes them. */
const COOKIE_PATHS = /^\/(?:api\/|graphql(?:[/?]|$))/u;

/** What a request shows of who sends it. */
export function credentialsOf({ headers, ip }: Pick<FastifyRequest, 'headers' | 'ip'>): Credentials {
  return { authorization: headers.authorization, apiKey: apiKeyOf(headers), address: ip };
}

/** The `X-API-Key` header of a request, if it has one. */
export function apiKeyOf(headers: IncomingHttpHeaders): string | undefined {
  return single(headers['x-api-key']);
}

/** The secret of the session that a request shows; undefined: none, or a token beside it, which counts instead. */
export function sessionSecretOf(
  { headers, url }: Pick<FastifyRequest, 'headers' | 'url'>,
  publicUrl: string | undefined,
): string | undefined {
  if (headers.authorization !== undefined || headers['x-api-key'] !== undefined) return undefined;
  return COOKIE_PATHS.test(url) ? secretIn(SESSION, headers.cookie, publicUrl) : undefined;
}

/** What of a request tells which page made a browser send it. */
export function sentBy(
  { method, headers }: Pick<FastifyRequest, 'method' | 'headers'>,
  publicUrl: string | undefined,
): SentBy {
  const isUpgrade = headers.upgrade !== undefined;
  const fetchSite = single(headers['sec-fetch-site']);
  return { method, isUpgrade, host: headers.host, origin: headers.origin, fetchSite, publicUrl };
}

/** A page of another site may not sign its reader in. Who is no browser does not say where it is. */
export function refuseForeignPage(
  request: Pick<FastifyRequest, 'method' | 'headers'>,
  publicUrl: string | undefined,
): void {
  const from = sentBy(request, publicUrl);
  if (from.origin !== undefined || from.fetchSite !== undefined) refuseCrossSite(from);
}

/** What of a request tells how cookies reach the browser. */
export function cookieRequestOf(
  { headers }: Pick<FastifyRequest, 'headers'>,
  publicUrl: string | undefined,
): CookieRequest {
  return { host: headers.host, origin: headers.origin, publicUrl };
}

/** What a context keeps of its request. */
export function originOf({
  headers,
  id,
}: Pick<FastifyRequest, 'headers' | 'id'>): Pick<RequestContext, 'requestId' | 'traceparent'> {
  return { requestId: id, traceparent: single(headers['traceparent']) };
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
