import { Injectable } from '@nestjs/common';
import { unauthenticated } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { type Ability, abilitiesIn } from './abilities.js';
import { Authenticator, type Credentials } from './authenticator.service.js';
import type { Caller } from './caller.js';
import { PeopleRepository } from './people.repository.js';
import { PersonViews, type RoleView } from './person-views.service.js';
import { Sessions } from './sessions.service.js';
import { TokenDirectory } from './token-directory.service.js';

/** Who asks, as told to themselves. */
export interface Viewer {
  readonly kind: Caller['kind'];
  readonly id: string;
  readonly name: string;
  /** Null: a token. */
  readonly email: string | null;
}

interface Recognized {
  readonly viewer: Viewer | null;
  readonly expiresAt: Date | null;
}

/** Tells callers who they are and what they may do. */
@Injectable()
export class ViewerService {
  // Seven: tokens and people are recognized each in their way.
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleRepository,
    private readonly tokens: TokenDirectory,
    private readonly authenticator: Authenticator,
    private readonly sessions: Sessions,
    private readonly projects: ProjectsReader,
    private readonly views: PersonViews,
  ) {}

  /** Whose credentials these are; null: nobody's, or of a session that has ended. Throws as authenticating a token does. */
  async recognize(credentials: Credentials, secret: string | undefined): Promise<Recognized> {
    if (secret !== undefined) {
      const signedIn = await this.sessions.find(secret);
      return signedIn === undefined
        ? { viewer: null, expiresAt: null }
        : { viewer: viewerOf(signedIn), expiresAt: signedIn.endsAt };
    }
    if (credentials.authorization === undefined && credentials.apiKey === undefined) {
      return { viewer: null, expiresAt: null };
    }
    const token = await this.authenticator.authenticate(credentials);
    return { viewer: viewerOf({ kind: 'token', token }), expiresAt: token.expiresAt };
  }

  async get(ctx: RequestContext): Promise<Viewer> {
    return viewerOf(await this.callerOf(ctx));
  }

  async rolesOf(ctx: RequestContext): Promise<readonly RoleView[]> {
    const caller = await this.callerOf(ctx);
    if (caller.kind === 'token') return [];
    return this.transactions.read(async (tx) => (await this.views.ofOne(tx, ctx, caller.person)).roles);
  }

  /** What the caller may do on the whole instance or, where those are named, in all of a project or in an environment. */
  async abilities(
    ctx: RequestContext,
    { project, environment }: { readonly project?: string | undefined; readonly environment?: string | undefined },
  ): Promise<readonly Ability[]> {
    const caller = await this.callerOf(ctx);
    if (project === undefined) return abilitiesIn(caller, undefined);
    return this.transactions.read(async (tx) => {
      const { id: projectId } = await this.projects.project(tx, ctx, project);
      const found =
        environment === undefined ? undefined : await this.projects.environment(tx, ctx, project, environment);
      return abilitiesIn(caller, { projectId, environmentId: found?.id });
    });
  }

  /** Throws `unauthenticated` where what the caller was let in by has ended since. */
  private async callerOf({ actor, session }: RequestContext): Promise<Caller> {
    if (session === undefined) {
      const token = await this.tokens.findById(actor.id);
      if (token !== undefined) return { kind: 'token', token };
      throw unauthenticated('TOKEN_REFUSED', 'This token was revoked or expired meanwhile; ask an admin for another.');
    }
    const person = await this.transactions.read((tx) => this.people.find(tx, actor.id));
    if (person !== null) return { kind: 'person', person, sessionId: session.id };
    throw unauthenticated('SESSION_ENDED', 'Your session has ended; sign in again.');
  }
}

/** As whom a caller is told to themselves. */
function viewerOf(caller: Caller): Viewer {
  if (caller.kind === 'token') return { kind: 'token', id: caller.token.id, name: caller.token.name, email: null };
  const { id, name, email } = caller.person;
  return { kind: 'person', id, name, email };
}
