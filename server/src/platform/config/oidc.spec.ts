import { describe, expect, it } from '@jest/globals';
import { parseConfig } from './config.js';

const COMPLETE = {
  SLUICE_OIDC_ISSUER: 'https://id.shop.example/realms/shop',
  SLUICE_OIDC_CLIENT_ID: 'sluice',
  SLUICE_OIDC_CLIENT_SECRET: 'hunter2',
  SLUICE_PUBLIC_URL: 'https://sluice.shop.example/',
};

it('is none unless it is asked for', () => {
  expect(parseConfig({ SLUICE_PUBLIC_URL: 'https://sluice.shop.example' }).oidc).toEqual({ provider: undefined });
});

it('knows where people come back to, and lets every address in unless it is told which', () => {
  expect(parseConfig(COMPLETE).oidc.provider).toEqual({
    issuer: 'https://id.shop.example/realms/shop',
    clientId: 'sluice',
    clientSecret: 'hunter2',
    name: 'OpenID Connect',
    domains: undefined,
    redirectUri: 'https://sluice.shop.example/api/v1/session/oidc/callback',
  });
  const more = { SLUICE_OIDC_NAME: 'Shop', SLUICE_OIDC_ALLOWED_DOMAINS: 'Shop.example, shop.example.org' };
  expect(parseConfig({ ...COMPLETE, ...more }).oidc.provider).toMatchObject({
    name: 'Shop',
    domains: ['shop.example', 'shop.example.org'],
  });
});

it.each(['http://127.0.0.1:4000', 'http://localhost:4000/realm', 'http://[::1]:4000/'])('takes %s', (issuer) => {
  expect(parseConfig({ ...COMPLETE, SLUICE_OIDC_ISSUER: issuer }).oidc.provider).toMatchObject({ issuer });
});

describe('refuses, without the secret,', () => {
  it.each<[string, Record<string, string>, string]>([
    ['an issuer without TLS', { SLUICE_OIDC_ISSUER: 'http://id.shop.example' }, 'SLUICE_OIDC_ISSUER: must be'],
    ['what only begins like loopback', { SLUICE_OIDC_ISSUER: 'http://localhost.evil.example' }, 'SLUICE_OIDC_ISSUER'],
    ['an issuer with a query', { SLUICE_OIDC_ISSUER: 'https://id.shop.example/?x' }, 'SLUICE_OIDC_ISSUER'],
    ['no address at all', { SLUICE_OIDC_ISSUER: 'id.shop.example' }, 'SLUICE_OIDC_ISSUER'],
    ['a half', { SLUICE_OIDC_CLIENT_ID: '' }, 'SLUICE_OIDC_CLIENT_ID: is missing'],
    ['a client without a secret', { SLUICE_OIDC_CLIENT_SECRET: '' }, 'SLUICE_OIDC_CLIENT_SECRET: is missing'],
    ['a server without an address', { SLUICE_PUBLIC_URL: '' }, 'SLUICE_PUBLIC_URL: is missing'],
    ['addresses for domains', { SLUICE_OIDC_ALLOWED_DOMAINS: 'ada@shop.example' }, 'SLUICE_OIDC_ALLOWED_DOMAINS'],
  ])('%s', (_what, settings, problem) => {
    const refusal = messageOf(() => parseConfig({ ...COMPLETE, ...settings }));
    expect(refusal).toContain(problem);
    expect(refusal).not.toContain('hunter2');
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
