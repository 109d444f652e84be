import { Injectable } from '@nestjs/common';
import { isPartlyInScope, type RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { type PersonStatus, type PersonWithRoles, type RoleGrant, statusOf } from './person.js';
import type { Role } from './role.js';

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
  readonly roles: readonly RoleView[];
}

/** Shows people with the roles that concern who looks. */
@Injectable()
export class PersonViews {
  constructor(private readonly projects: ProjectsReader) {}

  /** Roles in the whole instance, and in the projects that the caller may see. */
  async of(tx: Transaction, ctx: RequestContext, people: readonly PersonWithRoles[]): Promise<readonly PersonView[]> {
    const seen = people.map((person) => ({
      person,
      grants: person.grants.filter(({ projectId }) => projectId === null || isPartlyInScope(ctx, projectId)),
    }));
    const keys = await this.projects.keysOf(tx, projectIdsIn(seen.flatMap(({ grants }) => grants)));
    return seen.map(({ person, grants }) => ({
      id: person.id,
      email: person.email,
      name: person.name,
      status: statusOf(person),
      createdAt: person.createdAt,
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
}

function projectIdsIn(grants: readonly RoleGrant[]): readonly string[] {
  return [...new Set(grants.flatMap(({ projectId }) => (projectId === null ? [] : [projectId])))];
}

function keyOf(keys: ReadonlyMap<string, string>, id: string | null): string | null {
  return id === null ? null : (keys.get(id) ?? id);
}
