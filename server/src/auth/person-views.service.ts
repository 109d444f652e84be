import { Injectable } from '@nestjs/common';
import { isPartlyInScope, type RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { PeopleRepository } from './people.repository.js';
import { cautionOf, type PersonStatus, type PersonWithRoles, type RoleGrant, statusOf } from './person.js';
import type { Role } from './role.js';
import { TokensRepository } from './tokens.repository.js';

/** A role that a person has, with the keys of its place. */
export interface RoleView {
  readonly id: string;
  readonly role: Role;
  /** Null: in the whole instance. */
  readonly project: string | null;
  /** Null: in all of the project. */
  readonly environment: string | null;
  readonly grantedAt: Date;
}

/** A person as others see them. */
export interface PersonView {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly status: PersonStatus;
  readonly createdAt: Date;
  /** Whom else the account may be of, in a sentence; null: nobody. */
  readonly caution: string | null;
  readonly roles: readonly RoleView[];
}

/** Shows people with the roles that concern who looks. */
@Injectable()
export class PersonViews {
  constructor(
    private readonly projects: ProjectsReader,
    private readonly people: PeopleRepository,
    private readonly tokens: TokensRepository,
  ) {}

  /** Roles in the whole instance, and in the projects that the caller may see. */
  async of(tx: Transaction, ctx: RequestContext, people: readonly PersonWithRoles[]): Promise<readonly PersonView[]> {
    const seen = people.map((person) => ({
      person,
      grants: person.grants.filter(({ projectId }) => projectId === null || isPartlyInScope(ctx, projectId)),
    }));
    const cautions = await this.cautions(tx, ctx, people);
    const keys = await this.projects.keysOf(tx, projectIdsIn(seen.flatMap(({ grants }) => grants)));
    return seen.map(({ person, grants }) => ({
      id: person.id,
      email: person.email,
      name: person.name,
      status: statusOf(person),
      createdAt: person.createdAt,
      caution: cautions.get(person.id) ?? null,
      roles: grants.map(({ id, role, projectId, environmentId, grantedAt }) => ({
        id,
        role,
        project: keyOf(keys, projectId),
        environment: keyOf(keys, environmentId),
        grantedAt,
      })),
    }));
  }

  async ofOne(tx: Transaction, ctx: RequestContext, person: PersonWithRoles): Promise<PersonView> {
    const [view] = await this.of(tx, ctx, [person]);
    if (view === undefined) throw new Error('One person has one view.');
    return view;
  }

  /** By person: of those whom somebody invited who does not look themselves. */
  private async cautions(
    tx: Transaction,
    { actor }: RequestContext,
    people: readonly PersonWithRoles[],
  ): Promise<ReadonlyMap<string, string>> {
    const ids = people.flatMap(({ invitedBy }) => (invitedBy === null || invitedBy === actor.id ? [] : invitedBy));
    if (ids.length === 0) return new Map();
    const named = [...(await this.people.listNames(tx, ids)), ...(await this.tokens.listNames(tx, ids))];
    const names = new Map<string | null, string>(named.map(({ id, name }) => [id, name]));
    return new Map(
      people.flatMap((person) => {
        const inviter = names.get(person.invitedBy);
        return inviter === undefined ? [] : [[person.id, cautionOf(person, inviter)] as const];
      }),
    );
  }
}

function projectIdsIn(grants: readonly RoleGrant[]): readonly string[] {
  return [...new Set(grants.flatMap(({ projectId }) => (projectId === null ? [] : [projectId])))];
}

function keyOf(keys: ReadonlyMap<string, string>, id: string | null): string | null {
  return id === null ? null : (keys.get(id) ?? id);
}
