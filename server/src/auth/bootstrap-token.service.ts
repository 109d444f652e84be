import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { AuthConfig } from '../platform/config/auth.js';
import { type IssuedToken, hashToken, TokenIssuer } from './token-issuer.service.js';
import { TokensRepository } from './tokens.repository.js';

const SYSTEM: RequestContext = {
  actor: { kind: 'system', id: 'bootstrap', name: 'first start' },
  requestId: 'bootstrap',
  traceparent: undefined,
  scope: 'instance',
};

/** Sees to it that somebody can get in: the configured admin token, or one made at the first start. */
@Injectable()
export class BootstrapToken implements OnApplicationBootstrap {
  private made: string | undefined;

  constructor(
    private readonly transactions: Transactions,
    private readonly tokens: TokensRepository,
    private readonly issuer: TokenIssuer,
    private readonly audit: AuditService,
    private readonly config: AuthConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.made = await this.transactions.run((tx) => this.ensure(tx));
  }

  /** The secret made at this start, to be printed; the second call and later starts have none. */
  takeSecret(): string | undefined {
    const secret = this.made;
    this.made = undefined;
    return secret;
  }

  private async ensure(tx: Transaction): Promise<string | undefined> {
    const hasAdmin = await this.tokens.lockAndLookForAdmin(tx);
    const configured = this.config.adminToken;
    if (configured !== undefined) {
      const isKnown = (await this.tokens.findByHash(tx, hashToken(configured))) !== null;
      if (!isKnown) await this.store(tx, this.issue('SLUICE_ADMIN_TOKEN', configured));
      return undefined;
    }
    if (hasAdmin) return undefined;
    const issued = this.issue('first admin');
    await this.store(tx, issued);
    return issued.secret;
  }

  private issue(name: string, secret?: string): IssuedToken {
    const draft = {
      kind: 'admin',
      name,
      projectId: null,
      environmentId: null,
      expiresAt: null,
      replacesId: null,
      owner: null,
      createdBy: null,
    } as const;
    return secret === undefined ? this.issuer.issue(draft) : this.issuer.issue(draft, secret);
  }

  private async store(tx: Transaction, { token }: IssuedToken): Promise<void> {
    await this.tokens.insert(tx, token);
    const { hash: _hash, ...after } = token;
    await this.audit.record(tx, SYSTEM, 'token.created', { subject: `token/${token.id}`, after });
  }
}
