import { SDK_NAME } from '../version.js';
import type { Problem } from '../problem.js';
import { retryAfterMs } from './backoff.js';
import type { Outcome } from './connection-policy.js';

/** Where the control plane is and who asks. */
export interface Endpoint {
  /** Without a trailing slash. */
  readonly url: string;
  readonly token: string;
  readonly instanceId: string;
}

/** The headers of every request to the control plane. */
export function requestHeaders(endpoint: Endpoint): Record<string, string> {
  return {
    Authorization: `Bearer ${endpoint.token}`,
    'User-Agent': SDK_NAME,
    'Sluice-Sdk': SDK_NAME,
    'Sluice-Instance': endpoint.instanceId,
  };
}

export interface Failure {
  readonly outcome: Outcome;
  readonly problem: Problem;
}

/** What an answer that is not a success means for the connection. */
export function failureOf(endpoint: Endpoint, response: Response, nowMs: number): Failure {
  const { status } = response;
  if (status === 401 || status === 403) {
    const message = `${endpoint.url} refused the token (HTTP ${status}): give this environment's server token, slu_server_…, as option token or SLUICE_TOKEN.`;
    return { outcome: { kind: 'refused' }, problem: { code: 'TOKEN_REFUSED', message } };
  }
  if (status === 429 || status === 503) {
    const outcome: Outcome = {
      kind: 'limited',
      retryAfterMs: retryAfterMs(response.headers.get('retry-after'), nowMs),
    };
    const message = `${endpoint.url} asks to wait (HTTP ${status}); the SDK tries again by itself.`;
    return { outcome, problem: { code: 'UNREACHABLE', message } };
  }
  const message = `${endpoint.url} answered HTTP ${status}: check that option url or SLUICE_URL is the control plane's.`;
  return { outcome: { kind: 'unusable' }, problem: { code: 'UNEXPECTED_ANSWER', message } };
}

/** No answer came. */
export function unreachable(endpoint: Endpoint, why: string): Failure {
  const message = `${endpoint.url} cannot be reached (${why}); the SDK tries again by itself.`;
  return { outcome: { kind: 'unreachable' }, problem: { code: 'UNREACHABLE', message } };
}

/** Something answered that is not a snapshot this SDK reads. */
export function unreadable(endpoint: Endpoint, why: string): Failure {
  const message = `The snapshot of ${endpoint.url} cannot be used (${why}): check the URL, or update @sluice/sdk.`;
  return { outcome: { kind: 'unusable' }, problem: { code: 'INVALID_SNAPSHOT', message } };
}
