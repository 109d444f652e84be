import { describe, expect, it } from '@jest/globals';
import { attemptOf, attemptsGivingWay, cookieFor, cookiesWithout, secretIn, SESSION } from './session-cookie.js';

const secret = 'a'.repeat(43);
const life = { secret, maxAgeSeconds: 60 };
const request = (host: string, origin?: string, publicUrl?: string) => ({ host, origin, publicUrl });

describe('the cookie of a session', () => {
  it('is bound to its host and HTTPS wherever a browser allows it', () => {
    expect(cookieFor(SESSION, life, request('sluice.shop.example', 'https://sluice.shop.example'))).toBe(
      `__Host-sluice=${secret}; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Strict`,
    );
  });

  it.each([
    ['an origin of HTTPS, behind a proxy', request('10.0.0.7:7070', 'https://sluice.shop.example'), true],
    ['a public address of HTTPS', request('10.0.0.7', undefined, 'https://sluice.shop.example'), true],
    ['localhost', request('localhost:7070'), true],
    ['an address of loopback', request('127.0.0.1:7070', 'http://127.0.0.1:7070'), true],
    ['loopback of IPv6', request('[::1]:7070'), true],
    ['plain HTTP', request('sluice.shop.example:7070', 'http://sluice.shop.example:7070'), false],
    ['what only begins like loopback', request('localhost.shop.example'), false],
  ])('knows %s', (_what, from, isBound) => {
    const [name] = cookieFor(SESSION, life, from).split('=');
    expect(name).toBe(isBound ? '__Host-sluice' : 'sluice');
    expect(cookieFor(SESSION, life, from).includes('Secure')).toBe(isBound);
  });

  it('is found among others, under either name, the bound one first', () => {
    const other = 'b'.repeat(43);
    for (const publicUrl of [undefined, 'http://sluice.shop.example']) {
      expect(secretIn(SESSION, `theme=dark; __Host-sluice=${secret}`, publicUrl)).toBe(secret);
      expect(secretIn(SESSION, `sluice=${other}; __Host-sluice=${secret}`, publicUrl)).toBe(secret);
      expect(secretIn(SESSION, `sluice=${other}`, publicUrl)).toBe(other);
    }
  });

  it('is the bound one alone where people come by HTTPS', () => {
    for (const publicUrl of ['https://sluice.shop.example', 'HTTPS://sluice.shop.example/base']) {
      expect(secretIn(SESSION, `sluice=${secret}`, publicUrl)).toBeUndefined();
      expect(secretIn(SESSION, `sluice=${'b'.repeat(43)}; __Host-sluice=${secret}`, publicUrl)).toBe(secret);
    }
  });

  it.each([[undefined], [''], ['theme'], ['sluice='], [`sluice=${secret}x`], [`xsluice=${secret}`]])(
    'is not in %p',
    (cookies) => expect(secretIn(SESSION, cookies, undefined)).toBeUndefined(),
  );

  it('is taken away under both names', () => {
    expect(cookiesWithout(SESSION).map((each) => each.split('=')[0])).toEqual(['__Host-sluice', 'sluice']);
    for (const each of cookiesWithout(SESSION)) expect(each).toMatch(/Max-Age=0/u);
  });

  it('of a sign-in elsewhere has a name of its own, and comes back with who comes back', () => {
    const from = request('sluice.shop.example', 'https://sluice.shop.example');
    const attempt = attemptOf('state-of-an-attempt');
    expect(cookieFor(attempt, life, from)).toBe(
      `__Host-sluice-oidc-state-of=${secret}; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Lax`,
    );
    const cookies = `__Host-sluice=x; __Host-sluice-oidc-state-of=${secret}`;
    expect(secretIn(attempt, cookies, undefined)).toBe(secret);
    expect(secretIn(attemptOf('another'), cookies, undefined)).toBeUndefined();
    expect(secretIn(SESSION, `__Host-sluice-oidc-state-of=${secret}`, undefined)).toBeUndefined();
  });

  it.each([
    [undefined, []],
    ['sluice=x; theme=dark', []],
    ['sluice-oidc-1=x; sluice-oidc-2=x; sluice-oidc-3=x; sluice-oidc-4=x', []],
    [
      '__Host-sluice-oidc-1=x; sluice=x; sluice-oidc-2=x; sluice-oidc-1=x; sluice-oidc-3=x; sluice-oidc-4=x; sluice-oidc-5=x; sluice-oidc-6=x',
      ['sluice-oidc-1', 'sluice-oidc-2'],
    ],
  ])('of the oldest sign-ins elsewhere gives way: of %p %j', (cookies, names) => {
    expect(attemptsGivingWay(cookies).map(({ name }) => name)).toEqual(names);
  });
});
