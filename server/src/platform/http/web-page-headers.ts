/** HSTS for two years, as preload lists ask; only where people are told to come by https. */
const HSTS = 'max-age=63072000; includeSubDomains';

/** The nonce of one answer has so many random bytes. */
export const NONCE_BYTES = 18;

/**
 * The headers of a page. Its policy (CSP level 3) lets it run its own scripts, load what this server has and nothing
 * else; styles that it makes as it runs carry the nonce.
 */
export function pageHeaders(nonce: string, isHttps: boolean): Readonly<Record<string, string>> {
  const policy = [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `connect-src 'self'`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `manifest-src 'self'`,
    `frame-ancestors 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
  ];
  return {
    'cache-control': 'no-cache',
    'content-security-policy': policy.join('; '),
    'referrer-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    ...(isHttps && { 'strict-transport-security': HSTS }),
  };
}
