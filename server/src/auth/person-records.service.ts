import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { Clock } from '../kernel/clock.js';
import { Ids } from '../kernel/ids.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import { PeopleRepository } from './people.repository.js';
import { type Invitation, type Person, type PersonWithRoles, recordOfPerson, type RoleGrant } from './person.js';
import { hashToken } from './token-issuer.service.js';
import { TokensRepository } from './tokens.repository.js';

/** Long enough to be read after a weekend. */
const INVITATION_MS = 72 * 3_600_000;

/** An invitation just made, with the secret that is shown this once. */
export interface NewInvitation extends Invitation {
  readonly secret: string;
}

export type NewGrant = Pick<RoleGrant, 'role' | 'projectId' | 'environmentId'>;

/** Stores people with what is put on record of them, which never holds a hash. */
@Injectable()
export class PersonRecords {
  constructor(
    private readonly people: PeopleRepository,
    private readonly tokens: TokensRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  now(): Date {
    return this.clock.now();
  }

  newInvitation(): NewInvitation {
    const secret = `slu_invite_${randomBytes(32).toString('base64url')}`;
    return { secret, hash: hashToken(secret), endsAt: new Date(this.clock.now().getTime() + INVITATION_MS) };
  }

  /** Stores somebody new; throws `conflict` when the address is somebody's. */
  async create(
    tx: Transaction,
    ctx: RequestContext,
    draft: Pick<Person, 'email' | 'name' | 'passwordHash' | 'invitation' | 'invitedBy'>,
    grant: NewGrant | undefined,
  ): Promise<PersonWithRoles> {
    const person = {
      ...draft,
      id: this.ids.next(),
      identity: null,
      disabledAt: null,
      accessVersion: 1,
      createdAt: this.clock.now(),
    };
    await this.people.insert(tx, person);
    const grants = grant === undefined ? [] : [this.grantOf(person.id, grant)];
    for (const each of grants) await this.people.insertGrant(tx, each);
    const created = { ...person, grants };
    await this.record(tx, ctx, 'person.created', { after: created, projectId: grant?.projectId });
    return created;
  }

  /**
   * Stores a change of somebody who is locked. Where it takes the account from who invited them, that may have made the
   * tokens that were made with it, and has seen them: they count as theirs.
   */
  async save(
    tx: Transaction,
    ctx: RequestContext,
    action: string,
    { before, after }: { readonly before: PersonWithRoles; readonly after: PersonWithRoles },
  ): Promise<PersonWithRoles> {
    if (before.invitedBy !== null && after.invitedBy === null) {
      await this.tokens.saveMaker(tx, before.id, before.invitedBy);
    }
    await this.people.save(tx, after);
    const saved = { ...after, accessVersion: before.accessVersion + 1 };
    await this.record(tx, ctx, action, { before, after: saved });
    return saved;
  }

  /** Gives somebody who is locked a role in a place; changes nothing where they have it. */
  async grant(
    tx: Transaction,
    ctx: RequestContext,
    before: PersonWithRoles,
    draft: NewGrant,
  ): Promise<PersonWithRoles> {
    const isHeld = before.grants.some(
      ({ role, projectId, environmentId }) =>
        role === draft.role && projectId === draft.projectId && environmentId === draft.environmentId,
    );
    if (isHeld) return before;
    const grant = this.grantOf(before.id, draft);
    await this.people.insertGrant(tx, grant);
    await this.people.save(tx, before);
    const after = { ...before, accessVersion: before.accessVersion + 1, grants: [...before.grants, grant] };
    await this.record(tx, ctx, 'person.roleGranted', { before, after, projectId: grant.projectId });
    return after;
  }

  /** Takes a role that somebody who is locked was given. */
  async take(
    tx: Transaction,
    ctx: RequestContext,
    before: PersonWithRoles,
    grant: RoleGrant,
  ): Promise<PersonWithRoles> {
    await this.people.deleteGrant(tx, grant.id);
    await this.people.save(tx, before);
    const grants = before.grants.filter(({ id }) => id !== grant.id);
    const after = { ...before, accessVersion: before.accessVersion + 1, grants };
    await this.record(tx, ctx, 'person.roleTaken', { before, after, projectId: grant.projectId });
    return after;
  }

  private grantOf(personId: string, grant: NewGrant): RoleGrant {
    return { ...grant, id: this.ids.next(), personId, grantedAt: this.clock.now() };
  }

  private record(
    tx: Transaction,
    ctx: RequestContext,
    action: string,
    { before, after, projectId }: Change,
  ): Promise<void> {
    return this.audit.record(tx, ctx, action, {
      ...(typeof projectId === 'string' ? { projectId } : {}),
      subject: `person/${after.id}`,
      ...(before === undefined ? {} : { before: recordOfPerson(before, projectId ?? null) }),
      after: recordOfPerson(after, projectId ?? null),
    });
  }
}

interface Change {
  readonly before?: PersonWithRoles;
  readonly after: PersonWithRoles;
  readonly projectId?: string | null | undefined;
}
