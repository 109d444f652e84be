import { Injectable } from '@nestjs/common';
import { notFound } from '../kernel/errors.js';
import { parseInput } from '../kernel/parse.js';
import { isInScope, refuseShortfall, type RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { PeopleRepository } from './people.repository.js';
import { grantSchema, normalizeEmail, type PersonWithRoles, type RoleGrant } from './person.js';
import { PersonRecords } from './person-records.service.js';
import { type PersonView, PersonViews } from './person-views.service.js';
import { RolePlaces } from './role-places.service.js';

/** What people may do where: roles are given and taken, never edited. It has effect at once. */
@Injectable()
export class RoleGrants {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleRepository,
    private readonly places: RolePlaces,
    private readonly records: PersonRecords,
    private readonly views: PersonViews,
  ) {}

  /** Gives a person, by id or e-mail address, a role. Giving it twice changes nothing. */
  grant(ctx: RequestContext, person: string, body: unknown): Promise<PersonView> {
    const { role, ...named } = parseInput(grantSchema, body, 'role');
    return this.transactions.run(async (tx) => {
      const place = await this.places.find(tx, ctx, named);
      const before = await this.lock(tx, person);
      return this.views.ofOne(tx, ctx, await this.records.grant(tx, ctx, before, { role, ...place }));
    });
  }

  /** Takes a role that was given, by the id of the grant. */
  take(ctx: RequestContext, person: string, grantId: string): Promise<PersonView> {
    return this.transactions.run(async (tx) => {
      const before = await this.lock(tx, person);
      const grant = before.grants.find(({ id }) => id === grantId);
      if (grant === undefined || !isTheirs(ctx, grant)) {
        throw notFound('ROLE_NOT_FOUND', `This person has no role "${grantId}" that you could take.`);
      }
      return this.views.ofOne(tx, ctx, await this.records.take(tx, ctx, before, grant));
    });
  }

  private async lock(tx: Transaction, person: string): Promise<PersonWithRoles> {
    const isAddress = person.includes('@');
    const found = isAddress ? await this.people.findByEmail(tx, normalizeEmail(person)) : null;
    const locked = isAddress && found === null ? null : await this.people.lock(tx, found?.id ?? person);
    if (locked !== null) return locked;
    throw notFound('PERSON_NOT_FOUND', `There is no person "${person}"; invite them first.`);
  }
}

/** Whether a role is in the caller's to take; refuses who may see its project and not that. */
function isTheirs(ctx: RequestContext, { projectId, environmentId }: RoleGrant): boolean {
  if (projectId === null) return ctx.scope === 'instance';
  const place = { projectId, environmentId: environmentId ?? undefined };
  if (isInScope(ctx, place.projectId, place.environmentId)) return true;
  refuseShortfall(ctx, place);
  return false;
}
