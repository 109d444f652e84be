import type { TransportError } from './transport-error.js';

/** What a caller is told whose request the primary gave no answer to (RFC 9457). */
export interface BadGateway {
  readonly status: 502;
  readonly contentType: 'application/problem+json';
  readonly body: string;
}

/** Says that the proxy speaks, and not the service; names no address. */
export function badGateway(error: TransportError): BadGateway {
  const body = JSON.stringify({
    type: 'about:blank',
    title: 'Bad Gateway',
    status: 502,
    code: 'PRIMARY_UNAVAILABLE',
    detail: `The service behind this proxy gave no answer: ${error.reason}. Try again later.`,
  });
  return { status: 502, contentType: 'application/problem+json', body };
}
