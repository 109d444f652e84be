import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { notFound, precondition } from '../kernel/errors.js';
import { type Page, type PageRequest, toPage } from '../kernel/page.js';
import { parseInput } from '../kernel/parse.js';
import {
  environmentsInScope,
  isInScope,
  type RequestContext,
  requireInstanceScope,
} from '../kernel/request-context.js';
import type { Scope } from '../kernel/scope.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { Outbox } from '../platform/outbox/outbox.js';
import { ProjectsReader } from '../projects/index.js';
import {
  type AccessToken,
  endAfterOverlap,
  endOfSuccessor,
  isUsable,
  requireFuture,
  revocationSchema,
  rotationSchema,
  tokenDraftSchema,
} from './access-token.js';
import { TOKEN_CHANGED } from './token-changed.js';
import { type IssuedToken, TokenIssuer } from './token-issuer.service.js';
import { TokensRepository } from './tokens.repository.js';

const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/u;

@Injectable()
export class TokensService {
  constructor(
    private readonly transactions: Transactions,
    private readonly tokens: TokensRepository,
    private readonly projects: ProjectsReader,
    private readonly audit: AuditService,
    private readonly outbox: Outbox,
    private readonly issuer: TokenIssuer,
  ) {}

  /** Tokens that the caller may see, of one project where that is named. */
  list(ctx: RequestContext, page: PageRequest, project?: string): Promise<Page<AccessToken>> {
    return this.transactions.read(async (tx) => {
      const scope = project === undefined ? ctx.scope : await this.scopeWithin(tx, ctx, project);
      return toPage(await this.tokens.list(tx, page, scope), page.limit, ({ id }) => id);
    });
  }

  get(ctx: RequestContext, id: string): Promise<AccessToken> {
    return this.transactions.read((tx) => this.require(tx, ctx, id));
  }

  create(ctx: RequestContext, body: unknown): Promise<IssuedToken> {
    const draft = parseInput(tokenDraftSchema, body, 'token');
    if (draft.project === undefined) requireInstanceScope(ctx);
    const expiresAt = draft.expiresAt === undefined ? null : new Date(draft.expiresAt);
    if (expiresAt !== null) requireFuture(expiresAt, this.issuer.now());
    return this.transactions.run(async (tx) => {
      const scope = await this.scopeOf(tx, ctx, draft);
      const { kind, name, owner = null } = draft;
      const origin = { owner, createdBy: makerOf(ctx), replacesId: null };
      const issued = this.issuer.issue({ kind, name, ...scope, expiresAt, ...origin });
      await this.tokens.insert(tx, issued.token);
      await this.recordChange(tx, ctx, 'token.created', undefined, issued.token);
      return issued;
    });
  }

  /** Makes a token of the same scope; the old one works on until the overlap is over. */
  rotate(ctx: RequestContext, id: string, body: unknown): Promise<IssuedToken> {
    const { overlapSeconds } = parseInput(rotationSchema, body ?? {}, 'rotation');
    return this.transactions.run(async (tx) => {
      const before = await this.require(tx, ctx, id);
      this.requireUsable(before);
      const { kind, name, projectId, environmentId, owner } = before;
      const issued = this.issuer.issue({
        kind,
        name,
        projectId,
        environmentId,
        owner,
        createdBy: makerOf(ctx),
        expiresAt: endOfSuccessor(before, this.issuer.now()),
        replacesId: id,
      });
      const after = endAfterOverlap(before, overlapSeconds, this.issuer.now());
      await this.tokens.insert(tx, issued.token);
      await this.tokens.saveEnd(tx, after);
      await this.outbox.append(tx, TOKEN_CHANGED, { hash: before.hash });
      await this.recordChange(tx, ctx, 'token.rotated', before, issued.token);
      return issued;
    });
  }

  /** Ends a token at once, on open streams too. Revoking twice changes nothing. */
  revoke(ctx: RequestContext, id: string, body: unknown = {}): Promise<AccessToken> {
    const { reason } = parseInput(revocationSchema, body, 'revocation');
    return this.transactions.run(async (tx) => {
      const before = await this.require(tx, ctx, id);
      if (before.revokedAt !== null) return before;
      const after = { ...before, revokedAt: this.issuer.now() };
      await this.tokens.saveEnd(tx, after);
      await this.outbox.append(tx, TOKEN_CHANGED, { hash: before.hash });
      await this.recordChange(tx, ctx, 'token.revoked', before, after, { reason });
      return after;
    });
  }

  private async require(tx: Transaction, ctx: RequestContext, id: string): Promise<AccessToken> {
    const token = ID.test(id) ? await this.tokens.find(tx, id) : null;
    if (token !== null) {
      const { projectId, environmentId } = token;
      if (projectId === null ? ctx.scope === 'instance' : isInScope(ctx, projectId, environmentId ?? undefined)) {
        return token;
      }
    }
    throw notFound('TOKEN_NOT_FOUND', `There is no token "${id}" that you can see.`);
  }

  private async scopeWithin(tx: Transaction, ctx: RequestContext, key: string): Promise<Scope> {
    const { id: projectId } = await this.projects.project(tx, ctx, key);
    const environmentIds = environmentsInScope(ctx, projectId);
    return (environmentIds ?? [undefined]).map((environmentId) => ({ projectId, environmentId }));
  }

  private requireUsable(token: AccessToken): void {
    if (isUsable(token, this.issuer.now())) return;
    throw precondition('TOKEN_ENDED', 'This token is expired or revoked already; create a new one instead.');
  }

  private async scopeOf(
    tx: Transaction,
    ctx: RequestContext,
    { project, environment }: { project?: string | undefined; environment?: string | undefined },
  ): Promise<Pick<AccessToken, 'projectId' | 'environmentId'>> {
    if (project === undefined) return { projectId: null, environmentId: null };
    if (environment === undefined) {
      return { projectId: (await this.projects.wholeProject(tx, ctx, project)).id, environmentId: null };
    }
    const found = await this.projects.environment(tx, ctx, project, environment);
    return { projectId: found.projectId, environmentId: found.id };
  }

  private recordChange(
    tx: Transaction,
    ctx: RequestContext,
    action: string,
    before: AccessToken | undefined,
    after: AccessToken,
    more: object = {},
  ): Promise<void> {
    return this.audit.record(tx, ctx, action, {
      ...(after.projectId === null ? {} : { projectId: after.projectId }),
      subject: `token/${after.id}`,
      ...(before === undefined ? {} : { before: withoutHash(before) }),
      after: { ...withoutHash(after), ...more },
    });
  }
}

function makerOf({ actor }: RequestContext): string | null {
  return actor.kind === 'system' ? null : actor.id;
}

function withoutHash({ hash: _hash, ...rest }: AccessToken): Omit<AccessToken, 'hash'> {
  return rest;
}
