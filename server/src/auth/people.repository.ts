import { Injectable } from '@nestjs/common';
import { conflict } from '../kernel/errors.js';
import type { PageRequest } from '../kernel/page.js';
import type { Transaction } from '../kernel/transactions.js';
import type { Person as Row, RoleGrant as GrantRow } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { PersonKin } from './one-hand.js';
import type { Identity, Person, PersonWithRoles, RoleGrant } from './person.js';
import type { Role } from './role.js';

/** Callers name people by ids and by what they take for ids. */
const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/u;
const WITH_GRANTS = { grants: { orderBy: { id: 'asc' as const } } };

@Injectable()
export class PeopleRepository {
  async find(tx: Transaction, id: string): Promise<PersonWithRoles | null> {
    if (!ID.test(id)) return null;
    return toPerson(await clientOf(tx).person.findUnique({ where: { id }, include: WITH_GRANTS }));
  }

  async findByEmail(tx: Transaction, email: string): Promise<PersonWithRoles | null> {
    return toPerson(await clientOf(tx).person.findUnique({ where: { email }, include: WITH_GRANTS }));
  }

  async findByInvitation(tx: Transaction, hash: string): Promise<PersonWithRoles | null> {
    return toPerson(await clientOf(tx).person.findUnique({ where: { invitationHash: hash }, include: WITH_GRANTS }));
  }

  async findByIdentity(tx: Transaction, { issuer, subject }: Identity): Promise<PersonWithRoles | null> {
    const where = { oidcIssuer_oidcSubject: { oidcIssuer: issuer, oidcSubject: subject } };
    return toPerson(await clientOf(tx).person.findUnique({ where, include: WITH_GRANTS }));
  }

  /** As find; nobody else changes the person until the transaction ends. */
  async lock(tx: Transaction, id: string): Promise<PersonWithRoles | null> {
    if (!ID.test(id)) return null;
    await clientOf(tx).$executeRaw`SELECT FROM person WHERE id = ${id}::uuid FOR UPDATE`;
    return this.find(tx, id);
  }

  /** People in order of creation; only those with a role in some projects, or in the whole instance, when ids are given. */
  async listPage(
    tx: Transaction,
    { limit, after }: PageRequest,
    projectIds: readonly string[] | undefined,
  ): Promise<readonly PersonWithRoles[]> {
    const held = { OR: [{ projectId: null }, { projectId: { in: [...(projectIds ?? [])] } }] };
    const rows = await clientOf(tx).person.findMany({
      where: {
        ...(after === undefined ? {} : { id: { gt: after } }),
        ...(projectIds === undefined ? {} : { grants: { some: held } }),
      },
      include: WITH_GRANTS,
      orderBy: { id: 'asc' },
      take: limit + 1,
    });
    return rows.map(trusted);
  }

  /** Those of some people that are there, by id or by address, and the people who invited them, at whatever remove. */
  async listKin(
    tx: Transaction,
    { ids, emails }: { readonly ids: readonly string[]; readonly emails: readonly string[] },
  ): Promise<readonly PersonKin[]> {
    return clientOf(tx).$queryRaw<readonly PersonKin[]>`
      WITH RECURSIVE kin AS (
        SELECT id, email, invited_by FROM person WHERE id::text = ANY(${[...ids]}) OR email = ANY(${[...emails]})
        UNION
        SELECT person.id, person.email, person.invited_by FROM person JOIN kin ON person.id = kin.invited_by
      )
      SELECT id, email, invited_by AS "invitedBy" FROM kin`;
  }

  /** What some people are called. Ids that are nobody's are passed over. */
  listNames(tx: Transaction, ids: readonly string[]): Promise<readonly Pick<Person, 'id' | 'name'>[]> {
    return clientOf(tx).$queryRaw`SELECT id, name FROM person WHERE id::text = ANY(${[...ids]})`;
  }

  /** Whether there is anybody who can sign in. */
  async hasActive(tx: Transaction): Promise<boolean> {
    const canSignIn = [{ passwordHash: { not: null } }, { oidcSubject: { not: null } }];
    const where = { disabledAt: null, OR: canSignIn };
    return (await clientOf(tx).person.findFirst({ where, select: { id: true } })) !== null;
  }

  /** As hasActive; locks the table, so that of several at once one alone is the first. */
  async lockAndLookForActive(tx: Transaction): Promise<boolean> {
    await clientOf(tx).$executeRaw`LOCK TABLE person IN SHARE ROW EXCLUSIVE MODE`;
    return this.hasActive(tx);
  }

  /** Throws `conflict` when the address is somebody's. */
  async insert(tx: Transaction, person: Person): Promise<void> {
    const { count } = await clientOf(tx).person.createMany({ data: [toRow(person)], skipDuplicates: true });
    if (count > 0) return;
    throw conflict('EMAIL_TAKEN', `There is already a person "${person.email}"; give them a role instead.`);
  }

  /** Stores a person who is locked, and says that what they may do has changed. */
  async save(tx: Transaction, person: Person): Promise<void> {
    const { id, ...data } = toRow(person);
    await clientOf(tx).person.update({ where: { id }, data: { ...data, accessVersion: { increment: 1 } } });
  }

  async insertGrant(tx: Transaction, grant: RoleGrant): Promise<void> {
    await clientOf(tx).roleGrant.create({ data: grant });
  }

  async deleteGrant(tx: Transaction, id: string): Promise<void> {
    await clientOf(tx).roleGrant.deleteMany({ where: { id } });
  }
}

function toRow({ invitation, identity, ...person }: Person): Row {
  const { id, email, name, passwordHash, invitedBy, disabledAt, accessVersion, createdAt } = person;
  const common = { id, email, name, passwordHash, invitedBy, disabledAt, accessVersion, createdAt };
  return {
    ...common,
    invitationHash: invitation?.hash ?? null,
    invitationEndsAt: invitation?.endsAt ?? null,
    oidcIssuer: identity?.issuer ?? null,
    oidcSubject: identity?.subject ?? null,
  };
}

type RowWithGrants = Row & { readonly grants: readonly GrantRow[] };

function toPerson(row: RowWithGrants | null): PersonWithRoles | null {
  return row === null ? null : trusted(row);
}

function trusted({
  invitationHash: hash,
  invitationEndsAt: endsAt,
  oidcIssuer: issuer,
  oidcSubject: subject,
  grants,
  ...person
}: RowWithGrants): PersonWithRoles {
  return {
    ...person,
    invitation: hash === null || endsAt === null ? null : { hash, endsAt },
    identity: issuer === null || subject === null ? null : { issuer, subject },
    // Only RoleGrant values are ever stored.
    grants: grants.map((grant) => ({ ...grant, role: grant.role as Role })),
  };
}
