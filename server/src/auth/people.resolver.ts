import { Args, ArgsType, Field, ID, InputType, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { isId } from '../kernel/ids.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Connection, connectionOf, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { DateTime, enumOf } from '../transport/graphql-scalars.js';
import { type Payload, payloadOf, toPayload } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { withoutNulls } from '../transport/without-nulls.js';
import { type InvitedPerson, PeopleService } from './people.service.js';
import { PERSON_STATUSES, type PersonStatus } from './person.js';
import type { PersonView } from './person-views.service.js';
import { type Role, ROLES } from './role.js';
import { RoleGrants } from './role-grants.service.js';

const RoleWord = enumOf(ROLES, { name: 'Role', description: 'What people are given in a place; several add up' });
const StatusWord = enumOf(PERSON_STATUSES, { name: 'PersonStatus', description: 'Whether a person can sign in' });

@ObjectType('PersonRole', { description: 'A role that a person has in a place' })
export class PersonRoleObject {
  @Field(() => ID, { description: 'What takeRole takes it by' })
  id!: string;

  @Field(() => RoleWord)
  role!: Role;

  @Field(() => String, { nullable: true, description: 'Key of the project; null: the whole instance' })
  project!: string | null;

  @Field(() => String, { nullable: true, description: 'Key of the environment; null: all of the project' })
  environment!: string | null;

  @Field(() => DateTime)
  grantedAt!: Date;
}

@ObjectType('Person', { description: 'Somebody who may sign in' })
class PersonObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  email!: string;

  @Field(() => String)
  name!: string;

  @Field(() => StatusWord)
  status!: PersonStatus;

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'Whom else the account may be of, to be heard before a role is given; null: nobody',
  })
  caution!: string | null;

  @Field(() => [PersonRoleObject], { description: 'In the whole instance, and in projects that the viewer may see' })
  roles!: readonly PersonRoleObject[];
}

@ObjectType('InvitedPerson', { description: 'Somebody who may choose a password now' })
class InvitedPersonObject {
  @Field(() => PersonObject)
  person!: PersonObject;

  @Field(() => String, { description: 'Lets the person choose a password, once; in this answer and nowhere else' })
  secret!: string;

  @Field(() => DateTime)
  secretExpiresAt!: Date;
}

@ArgsType()
class PeopleArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Only who has a role in this project, or in the whole instance' })
  project?: string | null;
}

@InputType()
class InvitePersonInput {
  @Field(() => String)
  email!: string;

  @Field(() => String)
  name!: string;

  @Field(() => RoleWord, { nullable: true, description: 'A first role; null: none yet' })
  role?: Role | null;

  @Field(() => String, { nullable: true, description: 'Where: key of a project; null: the whole instance' })
  project?: string | null;

  @Field(() => String, { nullable: true, description: 'Where: key of an environment; null: all of the project' })
  environment?: string | null;
}

@InputType()
class GrantRoleInput {
  @Field(() => String, { description: 'Id or e-mail address' })
  person!: string;

  @Field(() => RoleWord)
  role!: Role;

  @Field(() => String, { nullable: true, description: 'Key of a project; null: the whole instance' })
  project?: string | null;

  @Field(() => String, { nullable: true, description: 'Key of an environment; null: all of the project' })
  environment?: string | null;
}

@InputType()
class TakeRoleInput {
  @Field(() => ID)
  person!: string;

  @Field(() => ID, { description: 'Id of the PersonRole' })
  role!: string;
}

@InputType()
class PersonInput {
  @Field(() => ID)
  id!: string;
}

const PersonConnection = connectionOf(PersonObject, 'Person');
const PersonPayload = payloadOf(PersonObject, 'Person');
const InvitedPersonPayload = payloadOf(InvitedPersonObject, 'InvitedPerson');

@Resolver()
@RequirePermission('person.write')
export class PeopleResolver {
  constructor(
    private readonly service: PeopleService,
    private readonly grants: RoleGrants,
  ) {}

  @Query(() => PersonConnection, { complexity: 10, description: 'In order of creation' })
  @RequirePermission('person.read')
  async people(@Context() ctx: RequestContext, @Args() asked: PeopleArgs): Promise<Connection<PersonView>> {
    const page = await this.service.list(ctx, pageRequestOf(asked, isId), asked.project ?? undefined);
    return toConnection(page, asked, ({ id }) => id);
  }

  @Query(() => PersonObject, { nullable: true, complexity: 5, description: 'Null, with an error, where there is none' })
  @RequirePermission('person.read')
  person(@Context() ctx: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<PersonView> {
    return this.service.get(ctx, id);
  }

  @Mutation(() => InvitedPersonPayload, { complexity: 20 })
  invitePerson(
    @Context() ctx: RequestContext,
    @Args('input') input: InvitePersonInput,
  ): Promise<Payload<InvitedPerson>> {
    return toPayload(() => this.service.invite(ctx, withoutNulls(input)));
  }

  @Mutation(() => InvitedPersonPayload, {
    complexity: 20,
    description: 'Takes the password and all sessions away; by the secret another password is chosen',
  })
  resetPassword(@Context() ctx: RequestContext, @Args('input') { id }: PersonInput): Promise<Payload<InvitedPerson>> {
    return toPayload(() => this.service.resetPassword(ctx, id));
  }

  @Mutation(() => PersonPayload, { complexity: 20, description: 'The person has it at once' })
  grantRole(
    @Context() ctx: RequestContext,
    @Args('input') { person, ...role }: GrantRoleInput,
  ): Promise<Payload<PersonView>> {
    return toPayload(() => this.grants.grant(ctx, person, withoutNulls(role)));
  }

  @Mutation(() => PersonPayload, { complexity: 20, description: 'It is gone at once, on open streams too' })
  takeRole(
    @Context() ctx: RequestContext,
    @Args('input') { person, role }: TakeRoleInput,
  ): Promise<Payload<PersonView>> {
    return toPayload(() => this.grants.take(ctx, person, role));
  }

  @Mutation(() => PersonPayload, { complexity: 20, description: 'Shuts the person out at once' })
  disablePerson(@Context() ctx: RequestContext, @Args('input') { id }: PersonInput): Promise<Payload<PersonView>> {
    return toPayload(() => this.service.disable(ctx, id));
  }

  @Mutation(() => PersonPayload, { complexity: 20, description: 'Lets the person in again' })
  enablePerson(@Context() ctx: RequestContext, @Args('input') { id }: PersonInput): Promise<Payload<PersonView>> {
    return toPayload(() => this.service.enable(ctx, id));
  }
}
