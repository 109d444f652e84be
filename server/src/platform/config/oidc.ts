import { z } from 'zod';

/** An OpenID provider that people sign in with, and this server as its client. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What people call it: "Sign in with …". */
  readonly name: string;
  /** Domains of e-mail addresses that may sign in, in lower case; undefined: all that the provider vouches for. */
  readonly domains: readonly string[] | undefined;
  /** Where the provider sends people back to. */
  readonly redirectUri: string;
}

/** Whether people may sign in with an OpenID provider, beside their passwords. */
export abstract class OidcConfig {
  abstract readonly provider: OidcSettings | undefined;
}

/** The route by which people come back from the provider. */
const CALLBACK = '/api/v1/session/oidc/callback';
const NEEDED = [
  'SLUICE_OIDC_ISSUER',
  'SLUICE_OIDC_CLIENT_ID',
  'SLUICE_OIDC_CLIENT_SECRET',
  'SLUICE_PUBLIC_URL',
] as const;
const LOOPBACK = /^http:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?(?:\/|$)/u;
const DOMAIN = /^(?:[a-z0-9-]+\.)+[a-z0-9-]+$/u;

export const oidcSection = z
  .object({
    SLUICE_OIDC_ISSUER: z.string().optional(),
    SLUICE_OIDC_CLIENT_ID: z.string().optional(),
    SLUICE_OIDC_CLIENT_SECRET: z.string().optional(),
    SLUICE_OIDC_NAME: z.string().trim().min(1).max(60).default('OpenID Connect'),
    SLUICE_OIDC_ALLOWED_DOMAINS: z.string().optional(),
    SLUICE_PUBLIC_URL: z.string().optional(),
  })
  .transform((env, context): OidcConfig => {
    const {
      SLUICE_OIDC_ISSUER: issuer,
      SLUICE_OIDC_CLIENT_ID: clientId,
      SLUICE_OIDC_CLIENT_SECRET: clientSecret,
    } = env;
    const publicUrl = env.SLUICE_PUBLIC_URL?.replace(/\/+$/u, '');
    if ([issuer, clientId, clientSecret].every((each) => each === undefined)) return { provider: undefined };
    const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (issuer === undefined || clientId === undefined || clientSecret === undefined || publicUrl === undefined) {
      for (const name of NEEDED) if (env[name] === undefined) refuse(name, 'is missing; signing in with OIDC needs it');
      return z.NEVER;
    }
    if (!isIssuer(issuer)) refuse('SLUICE_OIDC_ISSUER', 'must be the https:// URL of the provider, without ? and #');
    const domains = env.SLUICE_OIDC_ALLOWED_DOMAINS?.split(',').map((each) => each.trim().toLowerCase());
    if (domains?.every((each) => DOMAIN.test(each)) === false) {
      refuse('SLUICE_OIDC_ALLOWED_DOMAINS', 'must be domains with commas between: shop.example, shop.example.org');
    }
    const redirectUri = `${publicUrl}${CALLBACK}`;
    return { provider: { issuer, clientId, clientSecret, name: env.SLUICE_OIDC_NAME, domains, redirectUri } };
  });

/** OpenID Connect Discovery 1.0, 2.1: https alone; what never leaves the machine is as good. */
function isIssuer(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.search !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || LOOPBACK.test(text);
}
