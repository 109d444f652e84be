import {
  Args,
  ArgsType,
  Field,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import type { RequestContext } from '../kernel/request-context.js';
import { AbilityObject } from '../transport/ability.js';
import { enumOf } from '../transport/graphql-scalars.js';
import { type Payload, payloadOf, toPayload } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { AnyCaller } from '../transport/require-permission.decorator.js';
import type { Ability } from './abilities.js';
import { Passwords } from './passwords.service.js';
import { PersonRoleObject } from './people.resolver.js';
import type { RoleView } from './person-views.service.js';
import { type Viewer, ViewerService } from './viewer.service.js';

const ViewerKindWord = enumOf(['token', 'person'], { name: 'ViewerKind', description: 'What a caller is' });

@ObjectType('Viewer', { description: 'Who asks' })
class ViewerObject {
  @Field(() => ViewerKindWord)
  kind!: Viewer['kind'];

  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true, description: 'Null: a token has none' })
  email!: string | null;
}

@ArgsType()
class AbilitiesArgs {
  @Field(() => String, { nullable: true, description: 'Key of a project; null: on the whole instance' })
  project?: string | null;

  @Field(() => String, { nullable: true, description: 'Key of an environment; null: in all of the project' })
  environment?: string | null;
}

@InputType()
class ChangePasswordInput {
  @Field(() => String)
  currentPassword!: string;

  @Field(() => String, { description: '12 to 200 characters' })
  newPassword!: string;
}

const ViewerPayload = payloadOf(ViewerObject, 'Viewer');

/** What callers may know and do of themselves, whatever else they may. */
@Resolver(() => ViewerObject)
@AnyCaller()
export class ViewerResolver {
  constructor(
    private readonly viewers: ViewerService,
    private readonly passwords: Passwords,
  ) {}

  @Query(() => ViewerObject, { complexity: 5, description: 'Who asks: a token, or a person who is signed in' })
  viewer(@Context() ctx: RequestContext): Promise<Viewer> {
    return this.viewers.get(ctx);
  }

  @ResolveField(() => [PersonRoleObject], { complexity: 5, description: 'What a person was given; a token has none' })
  roles(@Context() ctx: RequestContext): Promise<readonly RoleView[]> {
    return this.viewers.rolesOf(ctx);
  }

  @ResolveField(() => [AbilityObject], {
    nullable: true,
    complexity: 10,
    description: 'Each permission by which things are managed, such as flag.write, and why not where it is not allowed',
  })
  abilities(
    @Context() ctx: RequestContext,
    @Args() { project, environment }: AbilitiesArgs,
  ): Promise<readonly Ability[]> {
    return this.viewers.abilities(ctx, { project: project ?? undefined, environment: environment ?? undefined });
  }

  @Mutation(() => ViewerPayload, { complexity: 20, description: 'Other sessions of the person end' })
  changePassword(@Context() ctx: RequestContext, @Args('input') input: ChangePasswordInput): Promise<Payload<Viewer>> {
    return toPayload(async () => {
      await this.passwords.change(ctx, { ...input });
      return this.viewers.get(ctx);
    });
  }

  @Mutation(() => ViewerPayload, { complexity: 20, description: 'Ends every session of the person, this one too' })
  signOutEverywhere(@Context() ctx: RequestContext): Promise<Payload<Viewer>> {
    return toPayload(async () => {
      await this.passwords.signOutEverywhere(ctx);
      return this.viewers.get(ctx);
    });
  }
}
