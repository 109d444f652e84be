import { forbidden } from '../kernel/errors.js';

/** What of a request tells which page made a browser send it. */
export interface SentBy {
  readonly method: string;
  readonly isUpgrade: boolean;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** Sec-Fetch-Site; browsers send it to HTTPS and loopback alone. */
  readonly fetchSite: string | undefined;
  readonly publicUrl: string | undefined;
}

/**
 * Refuses what a page of another site may have made a browser send with our cookie: all that changes something, and
 * what opens a socket (OWASP, Fetch Metadata; RFC 6455, 10.2). What only reads, others cannot see the answer of.
 */
export function refuseCrossSite(request: SentBy): void {
  const { method, isUpgrade, fetchSite } = request;
  if (!isUpgrade && (method === 'GET' || method === 'HEAD')) return;
  if (fetchSite === undefined ? isOwnOrigin(request) : fetchSite === 'same-origin' || fetchSite === 'none') return;
  throw forbidden(
    'CROSS_SITE',
    'This came with a cookie, but not from a page of this server; use its own pages, or send a token as "Authorization: Bearer slu_…".',
  );
}

function isOwnOrigin({ origin, host, publicUrl }: SentBy): boolean {
  if (origin === undefined) return false;
  const own = publicUrl === undefined ? undefined : URL.parse(publicUrl)?.origin;
  return origin === own || (host !== undefined && URL.parse(origin)?.host === host.toLowerCase());
}
