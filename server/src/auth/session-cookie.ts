/** A cookie of this name is bound to its host and to HTTPS by browsers (RFC 6265bis, 4.1.3.2). */
const BOUND = '__Host-sluice';
/** Where there is no HTTPS, browsers refuse the other. */
const PLAIN = 'sluice';

const SECRET = /^[A-Za-z0-9_-]{43}$/u;

/** What of a request tells how cookies reach the browser. */
export interface CookieRequest {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** The configured address of the server, where there is one. */
  readonly publicUrl: string | undefined;
}

/**
 * The secret of the session that a request's cookies show; undefined: none. Where people come by HTTPS the bound cookie
 * alone counts: the other may be planted by whoever answers for the same host without it.
 */
export function secretIn(cookies: string | undefined, publicUrl: string | undefined): string | undefined {
  const pairs = new Map(
    (cookies ?? '').split(';').map((each) => {
      const [name = '', ...value] = each.split('=');
      return [name.trim(), value.join('=').trim()] as const;
    }),
  );
  const shown = isHttps(publicUrl) ? [pairs.get(BOUND)] : [pairs.get(BOUND), pairs.get(PLAIN)];
  return shown.find((secret) => secret !== undefined && SECRET.test(secret));
}

/** The Set-Cookie that gives a browser a session for so many seconds. */
export function cookieFor(secret: string, maxAgeSeconds: number, request: CookieRequest): string {
  const isBound = isTrustworthy(request);
  const name = isBound ? BOUND : PLAIN;
  return `${name}=${secret}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly;${isBound ? ' Secure;' : ''} SameSite=Strict`;
}

/** The Set-Cookies that take a session away again, whatever name it has. */
export function cookiesWithout(): readonly string[] {
  const gone = 'Path=/; Max-Age=0; HttpOnly; SameSite=Strict';
  return [`${BOUND}=; ${gone}; Secure`, `${PLAIN}=; ${gone}`];
}

/** Whether the browser sees HTTPS, or a host that it trusts as if (W3C Secure Contexts, 3.1). */
function isTrustworthy({ host, origin, publicUrl }: CookieRequest): boolean {
  return (
    isHttps(origin) || isHttps(publicUrl) || /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/iu.test(host ?? '')
  );
}

function isHttps(url: string | undefined): boolean {
  return url?.toLowerCase().startsWith('https://') === true;
}
