import { Injectable } from '@nestjs/common';
import { conflict, notFound } from '../kernel/errors.js';
import { type Page, type PageRequest, toPage } from '../kernel/page.js';
import { parseInput } from '../kernel/parse.js';
import {
  isPartlyInScope,
  projectsInScope,
  type RequestContext,
  requireInstanceScope,
} from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { PeopleRepository } from './people.repository.js';
import { invitationSchema, type PersonWithRoles } from './person.js';
import { PersonRecords } from './person-records.service.js';
import { type PersonView, PersonViews } from './person-views.service.js';
import { RolePlaces } from './role-places.service.js';
import { Sessions } from './sessions.service.js';

/** Somebody who may choose a password, with the one-time secret for it, shown this once. */
export interface InvitedPerson {
  readonly person: PersonView;
  readonly secret: string;
  readonly secretExpiresAt: Date;
}

/** Who may sign in. */
@Injectable()
export class PeopleService {
  // Seven: people are seen, invited and shut out, each with effects of its own.
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleRepository,
    private readonly projects: ProjectsReader,
    private readonly places: RolePlaces,
    private readonly records: PersonRecords,
    private readonly sessions: Sessions,
    private readonly views: PersonViews,
  ) {}

  /** People in order of creation: with a role in a project where that is named, and always those with one everywhere. */
  list(ctx: RequestContext, page: PageRequest, project?: string): Promise<Page<PersonView>> {
    return this.transactions.read(async (tx) => {
      const projectIds =
        project === undefined ? projectsInScope(ctx) : [(await this.projects.project(tx, ctx, project)).id];
      const { items, nextCursor } = toPage(
        await this.people.listPage(tx, page, projectIds),
        page.limit,
        ({ id }) => id,
      );
      return { items: await this.views.of(tx, ctx, items), nextCursor };
    });
  }

  get(ctx: RequestContext, id: string): Promise<PersonView> {
    return this.transactions.read(async (tx) => {
      const person = await this.people.find(tx, id);
      const isSeen = person?.grants.some(({ projectId }) => projectId === null || isPartlyInScope(ctx, projectId));
      if (person === null || (ctx.scope !== 'instance' && isSeen !== true)) throw unknownPerson(id);
      return this.views.ofOne(tx, ctx, person);
    });
  }

  /** Makes a person, with a first role where one is named, who chooses a password by the secret of this answer. */
  invite(ctx: RequestContext, body: unknown): Promise<InvitedPerson> {
    const { email, name, role, ...place } = parseInput(invitationSchema, body, 'person');
    return this.transactions.run(async (tx) => {
      if (role === undefined) requireInstanceScope(ctx);
      const grant = role === undefined ? undefined : { role, ...(await this.places.find(tx, ctx, place)) };
      await this.refuseTaken(tx, ctx, email);
      const { secret, ...invitation } = this.records.newInvitation();
      const invitedBy = ctx.scope === 'instance' ? null : ctx.actor.id;
      const draft = { email, name, passwordHash: null, invitation, invitedBy };
      const person = await this.records.create(tx, ctx, draft, grant);
      return { person: await this.views.ofOne(tx, ctx, person), secret, secretExpiresAt: invitation.endsAt };
    });
  }

  /**
   * Takes a person's password, account at an OpenID provider and sessions away. By the secret of this answer another
   * password is chosen; an account is linked anew as they sign in with it.
   */
  resetPassword(ctx: RequestContext, id: string): Promise<InvitedPerson> {
    const { secret, ...invitation } = this.records.newInvitation();
    return this.change(ctx, id, 'person.passwordReset', (person) => ({
      ...person,
      passwordHash: null,
      invitation,
      identity: null,
      invitedBy: null,
    })).then((person) => ({ person, secret, secretExpiresAt: invitation.endsAt }));
  }

  /** Shuts a person out at once. Disabling twice changes nothing. */
  disable(ctx: RequestContext, id: string): Promise<PersonView> {
    const disabledAt = this.records.now();
    return this.change(ctx, id, 'person.disabled', (person) =>
      person.disabledAt === null ? { ...person, disabledAt, invitation: null } : person,
    );
  }

  enable(ctx: RequestContext, id: string): Promise<PersonView> {
    return this.change(ctx, id, 'person.enabled', (person) =>
      person.disabledAt === null ? person : { ...person, disabledAt: null },
    );
  }

  /** Tells who administers the instance that an account they would give roles to may be another's. */
  private async refuseTaken(tx: Transaction, ctx: RequestContext, email: string): Promise<void> {
    const taken = ctx.scope === 'instance' ? await this.people.findByEmail(tx, email) : null;
    const caution = taken && (await this.views.ofOne(tx, ctx, taken)).caution;
    if (caution !== null) throw conflict('EMAIL_TAKEN', `There is already a person "${email}". ${caution}`);
  }

  /** An account is of the instance: who manages one project cannot take it over, or away, from the others. */
  private change(
    ctx: RequestContext,
    id: string,
    action: string,
    edit: (person: PersonWithRoles) => PersonWithRoles,
  ): Promise<PersonView> {
    requireInstanceScope(ctx);
    return this.transactions.run(async (tx) => {
      const before = await this.people.lock(tx, id);
      if (before === null) throw unknownPerson(id);
      const after = edit(before);
      if (after !== before) {
        await this.sessions.endAll(tx, id);
        await this.records.save(tx, ctx, action, { before, after });
      }
      return this.views.ofOne(tx, ctx, after);
    });
  }
}

function unknownPerson(id: string): Error {
  return notFound('PERSON_NOT_FOUND', `There is no person "${id}" that you can see.`);
}
