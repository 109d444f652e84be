import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Adapter, type AdapterPayload, type Configuration } from 'oidc-provider';

export const CLIENT = { id: 'sluice', secret: 'a secret of the client' };

/** What the provider knows of somebody. */
export interface Account {
  readonly email?: string;
  readonly email_verified?: boolean;
}

interface Options {
  readonly redirectUri: string;
  /** Whether what is asked for stands in ID tokens; otherwise it is to be asked for beside them. */
  readonly isToldInTokens?: boolean;
}

/** An OpenID provider that we did not write, on this machine, whose login page lets in whom a test names. */
export class IdentityProvider {
  readonly accounts = new Map<string, Account>();
  /** Hangs up on whoever asks. */
  isDown = false;
  /** Whom the login page lets in, whoever comes. */
  login: string | undefined;

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
  ) {}

  static async start({ redirectUri, isToldInTokens = false }: Options): Promise<IdentityProvider> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo; // it listens on TCP
    const own = new IdentityProvider(server, `http://127.0.0.1:${port}`);
    const provider = new Provider(own.issuer, own.configuration(redirectUri, isToldInTokens));
    const answer = provider.callback();
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (own.isDown) request.socket.destroy();
      else if (request.url?.startsWith('/login/') !== true) void answer(request, response);
      else void provider.interactionFinished(request, response, { login: { accountId: own.login ?? '' } });
    });
    return own;
  }

  /** What a browser does at a page of the provider that it was sent to: signs in, and goes where it is sent back to. */
  async visit(url: string, login: string, home: string): Promise<URL> {
    this.login = login;
    const cookies = new Map<string, string>();
    for (let at = new URL(url); ;) {
      const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
      const response = await fetch(at, { redirect: 'manual', headers: { cookie } });
      for (const set of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/u.exec(set) ?? [];
        cookies.set(name, value);
      }
      const location = response.headers.get('location');
      if (location === null) throw new Error(`${response.status} at ${at.href}: ${await response.text()}`);
      at = new URL(location, at);
      if (at.origin === home) return at;
    }
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private configuration(redirectUri: string, isToldInTokens: boolean): Configuration {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const kept: Kept = new Map();
    return {
      adapter: (model) => new Store(model, kept),
      ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 60, Interaction: 600, Session: 600 },
      clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
      claims: { email: ['email', 'email_verified'] },
      conformIdTokenClaims: !isToldInTokens,
      cookies: { keys: [randomUUID()] },
      jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_ctx, { uid }) => `/login/${uid}` },
      findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...this.accounts.get(sub) }) }),
      loadExistingGrant: async ({ oidc: { client, session, provider } }) => {
        const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
        grant.addOIDCScope('openid email');
        await grant.save();
        return grant;
      },
    };
  }
}

type Kept = Map<string, AdapterPayload>;

/** Keeps what a provider hands out for as long as it runs. */
class Store implements Adapter {
  constructor(
    private readonly model: string,
    private readonly kept: Kept,
  ) {}

  upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.kept.set(`${this.model} ${id}`, payload);
    return Promise.resolve();
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.kept.get(`${this.model} ${id}`));
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    const own = [...this.kept].filter(([key]) => key.startsWith(`${this.model} `));
    return Promise.resolve(own.map(([, payload]) => payload).find((payload) => payload.uid === uid));
  }

  findByUserCode(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async consume(id: string): Promise<void> {
    const payload = await this.find(id);
    if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1_000);
  }

  destroy(id: string): Promise<void> {
    this.kept.delete(`${this.model} ${id}`);
    return Promise.resolve();
  }

  revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, payload] of this.kept) if (payload.grantId === grantId) this.kept.delete(key);
    return Promise.resolve();
  }
}
