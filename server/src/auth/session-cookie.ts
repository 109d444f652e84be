/** What a cookie is for: its name, and whether the browser sends it where another site sent the browser. */
interface CookieKind {
  readonly name: string;
  readonly sameSite: 'Strict' | 'Lax';
}

/** Who is signed in. */
export const SESSION: CookieKind = { name: 'sluice', sameSite: 'Strict' };
/** Who is signing in at an OpenID provider, which sends them back: each attempt of a browser has its own. */
export function attemptOf(state: string): CookieKind {
  return { name: ATTEMPTS + state.slice(0, ATTEMPT_LENGTH), sameSite: 'Lax' };
}

const ATTEMPTS = 'sluice-oidc-';
const ATTEMPT_LENGTH = 8;
/** How many attempts of one browser may go on beside another that begins; the oldest give way. */
const ATTEMPTS_KEPT = 4;

/** A cookie of such a name is bound to its host and to HTTPS by browsers (RFC 6265bis, 4.1.3.2). */
const BOUND = '__Host-';

const SECRET = /^[A-Za-z0-9_-]{43}$/u;

/** What of a request tells how cookies reach the browser. */
export interface CookieRequest {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** The configured address of the server, where there is one. */
  readonly publicUrl: string | undefined;
}

/**
 * The secret of a kind that a request's cookies show; undefined: none. Where people come by HTTPS the bound cookie
 * alone counts: the other may be planted by whoever answers for the same host without it.
 */
export function secretIn(
  { name }: CookieKind,
  cookies: string | undefined,
  publicUrl: string | undefined,
): string | undefined {
  const pairs = new Map(pairsOf(cookies));
  const names = isHttps(publicUrl) ? [BOUND + name] : [BOUND + name, name];
  return names.map((each) => pairs.get(each)).find((secret) => secret !== undefined && SECRET.test(secret));
}

/** The attempts that have to give way to one that begins; browsers send the oldest first (RFC 6265, 5.4). */
export function attemptsGivingWay(cookies: string | undefined): readonly CookieKind[] {
  const names = pairsOf(cookies).map(([name]) => (name.startsWith(BOUND) ? name.slice(BOUND.length) : name));
  const attempts = new Set(names.filter((name) => name.startsWith(ATTEMPTS)));
  return [...attempts].slice(0, -ATTEMPTS_KEPT).map((name) => attemptOf(name.slice(ATTEMPTS.length)));
}

/** The Set-Cookie that gives a browser a secret for so many seconds. */
export function cookieFor(
  { name, sameSite }: CookieKind,
  { secret, maxAgeSeconds }: { readonly secret: string; readonly maxAgeSeconds: number },
  request: CookieRequest,
): string {
  const [prefix, secure] = isTrustworthy(request) ? [BOUND, ' Secure;'] : ['', ''];
  return `${prefix}${name}=${secret}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly;${secure} SameSite=${sameSite}`;
}

/** The Set-Cookies that take one away again, whatever its name. */
export function cookiesWithout({ name, sameSite }: CookieKind): readonly string[] {
  const gone = `Path=/; Max-Age=0; HttpOnly; SameSite=${sameSite}`;
  return [`${BOUND}${name}=; ${gone}; Secure`, `${name}=; ${gone}`];
}

function pairsOf(cookies: string | undefined): readonly (readonly [name: string, value: string])[] {
  return (cookies ?? '').split(';').map((each) => {
    const [key = '', ...value] = each.split('=');
    return [key.trim(), value.join('=').trim()];
  });
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
