import { Injectable, Logger } from '@nestjs/common';
import {
  allowInsecureRequests,
  AuthorizationResponseError,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  customFetch,
  type CustomFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';
import { Clock } from '../kernel/clock.js';
import { notFound, SluiceError, unauthenticated, unavailable } from '../kernel/errors.js';
import { OidcConfig, type OidcSettings } from '../platform/config/oidc.js';
import type { VouchedIdentity } from './oidc-sign-in.js';
import { normalizeEmail } from './person.js';

/** What ties an answer of the provider to the sign-in that asked for it. */
interface SignInProof {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

const TIMEOUT_SECONDS = 10;
/** For how long what the provider says of itself is believed. */
const METADATA_MS = 3_600_000;
/** RFC 6749, 5.2: it is not the person who is refused. */
const CLIENT_REFUSED: ReadonlySet<string> = new Set(['invalid_client', 'unauthorized_client']);

/** The OpenID provider, asked by authorization code with PKCE (RFC 9700). It is looked up when it is first needed. */
@Injectable()
export class OidcProvider {
  private readonly logger = new Logger(OidcProvider.name);
  private known: { readonly configuration: Promise<Configuration>; readonly until: number } | undefined;

  constructor(
    private readonly config: OidcConfig,
    private readonly clock: Clock,
  ) {}

  /** Where to send a browser, and what its answer is held against. Throws `unavailable` where the provider is down. */
  async begin(): Promise<SignInProof & { readonly url: string }> {
    const settings = this.require();
    const configuration = await this.discovered(settings);
    const proof = { state: randomState(), nonce: randomNonce(), codeVerifier: randomPKCECodeVerifier() };
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: settings.redirectUri,
      scope: 'openid email',
      state: proof.state,
      nonce: proof.nonce,
      code_challenge: await calculatePKCECodeChallenge(proof.codeVerifier),
      code_challenge_method: 'S256',
    });
    return { ...proof, url: url.href };
  }

  /**
   * Whom the provider vouches for, by the query that a browser came back with. Throws `unauthenticated` where it vouches
   * for nobody, or not to this sign-in, and `unavailable` where it is down.
   */
  async finish(query: string, { state, nonce, codeVerifier }: SignInProof): Promise<VouchedIdentity> {
    const settings = this.require();
    const configuration = await this.discovered(settings);
    const answer = new URL(settings.redirectUri);
    answer.search = query;
    try {
      const tokens = await authorizationCodeGrant(configuration, answer, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new Error('The provider gave no ID token.');
      const { email, email_verified: isEmailVerified } =
        claims['email'] === undefined
          ? await fetchUserInfo(configuration, tokens.access_token, claims.sub)
          : { email: claims['email'], email_verified: claims['email_verified'] };
      return {
        issuer: claims.iss,
        subject: claims.sub,
        email: typeof email === 'string' ? normalizeEmail(email) : null,
        isEmailVerified: typeof email === 'string' && isEmailVerified === true,
      };
    } catch (error) {
      this.logger.warn({ reasons: reasonsOf(error) }, 'A sign-in by OIDC failed');
      throw refusalOf(error);
    }
  }

  private require(): OidcSettings {
    if (this.config.provider !== undefined) return this.config.provider;
    throw notFound('OIDC_NOT_CONFIGURED', 'No sign-in by OpenID Connect is set up here; sign in by password.');
  }

  private async discovered(settings: OidcSettings): Promise<Configuration> {
    const now = this.clock.now().getTime();
    if (this.known === undefined || now >= this.known.until) {
      this.known = { configuration: this.discover(settings), until: now + METADATA_MS };
    }
    const { known } = this;
    try {
      return await known.configuration;
    } catch (error) {
      // The next one asks anew.
      if (this.known === known) this.known = undefined;
      const { issuer } = settings;
      this.logger.warn({ issuer, reasons: reasonsOf(error) }, 'The OpenID provider could not be looked up');
      throw unreachable();
    }
  }

  private discover({ issuer, clientId, clientSecret }: OidcSettings): Promise<Configuration> {
    // Without TLS are only issuers on this machine, as the settings see to.
    const insecure = issuer.startsWith('http://') ? [allowInsecureRequests] : [];
    return discovery(new URL(issuer), clientId, undefined, authenticationWith(clientSecret), {
      // The signature of ID tokens is looked at too, though TLS would vouch for them (OpenID Connect Core, 3.1.3.7).
      execute: [enableNonRepudiationChecks, ...insecure],
      timeout: TIMEOUT_SECONDS,
      [customFetch]: this.ask,
    });
  }

  /** Throws `unavailable` where there is no answer in time, or one that says that the provider is broken. */
  private readonly ask: CustomFetch = async (url, options) => {
    // What the library gives is what fetch takes; the types of its body differ by null.
    const answer = await fetch(url, options as RequestInit).catch((error: unknown) => error);
    if (answer instanceof Response && answer.status < 500) return answer;
    const detail = answer instanceof Response ? { status: answer.status } : { reasons: reasonsOf(answer) };
    this.logger.warn({ url, ...detail }, 'The OpenID provider does not answer');
    throw unreachable();
  };
}

/** As the provider wants the secret; where it does not say, in the header (OpenID Connect Discovery, 3). */
function authenticationWith(secret: string): ClientAuth {
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)];
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    (methods.includes('client_secret_basic') ? basic : post)(server, ...rest);
  };
}

/** What went wrong, in words. The errors hold claims and answers too, which are not for a log. */
function reasonsOf(error: unknown): readonly string[] {
  return causesOf(error).map((cause) => {
    const isTold = cause instanceof ResponseBodyError || cause instanceof AuthorizationResponseError;
    return isTold ? `${cause.message}: ${cause.error}` : cause.message;
  });
}

function causesOf(error: unknown): readonly Error[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}

function refusalOf(error: unknown): SluiceError {
  // The library hands on what its fetch throws as a cause.
  const known = causesOf(error).find((cause) => cause instanceof SluiceError);
  if (known !== undefined) return known;
  // A challenge is for who shows the secret, which is this server (RFC 6749, 5.2).
  if (error instanceof WWWAuthenticateChallengeError) return misconfigured();
  if (error instanceof ResponseBodyError && CLIENT_REFUSED.has(error.error)) return misconfigured();
  if (error instanceof AuthorizationResponseError) {
    if (error.error === 'access_denied') {
      return unauthenticated('OIDC_DENIED', 'The sign-in was broken off at the provider; try again.');
    }
    if (['server_error', 'temporarily_unavailable'].includes(error.error)) return unreachable();
  }
  return unauthenticated('OIDC_REFUSED', 'The answer of the provider does not belong to this sign-in; try again.');
}

function misconfigured(): SluiceError {
  return unavailable(
    'OIDC_MISCONFIGURED',
    'The provider refuses this server; whoever runs it has to look at SLUICE_OIDC_CLIENT_ID and SLUICE_OIDC_CLIENT_SECRET.',
  );
}

function unreachable(): SluiceError {
  return unavailable(
    'OIDC_UNREACHABLE',
    'The provider that you sign in with does not answer; try again in a while, or sign in by password.',
  );
}
