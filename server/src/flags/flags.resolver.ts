import { Args, ArgsType, Field, ID, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { FlagType, Variation } from '@sluice/sdk/evaluation';
import { Clock } from '../kernel/clock.js';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Project, ProjectObject } from '../projects/index.js';
import { type Connection, connectionOf, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { DateTime, enumOf, JsonValue } from '../transport/graphql-scalars.js';
import { payloadOf } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { type FlagWithSettings, PURPOSES, type Purpose } from './flag.js';
import { FlagsService } from './flags.service.js';

const PurposeWord = enumOf<Purpose>(PURPOSES, {
  name: 'FlagPurpose',
  description: 'Why a flag exists, which says how long it should',
});
const TypeWord = enumOf<FlagType>(['boolean', 'string', 'number', 'json'], {
  name: 'FlagType',
  description: 'Of what type all variations of a flag are',
});

@ObjectType('FlagVariation', { description: 'One of the answers that a flag may give' })
class VariationObject {
  @Field(() => String)
  key!: string;

  @Field(() => JsonValue, { nullable: true, description: 'Of the type of the flag' })
  value!: Variation['value'];
}

@ObjectType('Flag', { description: 'A named decision of a project, the same in every environment' })
export class FlagObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  key!: string;

  @Field(() => String, { description: 'Key of its project' })
  project!: string;

  @Field(() => TypeWord)
  type!: FlagType;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  description!: string;

  @Field(() => [String])
  tags!: string[];

  @Field(() => String, { nullable: true })
  owner!: string | null;

  @Field(() => PurposeWord)
  purpose!: Purpose;

  @Field(() => DateTime, { nullable: true, description: 'When the flag should be gone' })
  dueAt!: Date | null;

  @Field(() => [VariationObject])
  variations!: VariationObject[];

  @Field(() => JsonValue, { description: 'Handed to callers with every evaluation: an object' })
  metadata!: Json;

  @Field(() => Int, { description: 'Of the definition; settings have versions of their own' })
  version!: number;

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => DateTime)
  updatedAt!: Date;
}

const FlagConnection = connectionOf(FlagObject, 'Flag');
export const FlagPayload = payloadOf(FlagObject, 'Flag');

/** What a list of flags is narrowed to. */
@ArgsType()
class FlagArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Part of a key or name, in any case' })
  search?: string | null;

  @Field(() => [String], { nullable: true, description: 'All of which a flag must have' })
  tags?: string[] | null;

  @Field(() => PurposeWord, { nullable: true })
  purpose?: Purpose | null;

  @Field(() => String, { nullable: true })
  owner?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether its due date is past' })
  overdue?: boolean | null;
}

/** A flag as fields of it need it. */
export type FlagNode = FlagWithSettings & { readonly project: string };

@Resolver(() => ProjectObject)
@RequirePermission('flag.read')
export class FlagsResolver {
  constructor(private readonly service: FlagsService) {}

  @ResolveField(() => FlagConnection, { nullable: true, complexity: 10, description: 'Flags in order of key' })
  async flags(
    @Context() ctx: RequestContext,
    @Parent() { key: project }: Project,
    @Args() { search, tags, purpose, owner, overdue, ...asked }: FlagArgs,
  ): Promise<Connection<FlagNode>> {
    const page = await this.service.list(ctx, project, pageRequestOf(asked), {
      search: search ?? undefined,
      tags: tags ?? undefined,
      purpose: purpose ?? undefined,
      owner: owner ?? undefined,
      overdue: overdue ?? undefined,
    });
    return toConnection({ ...page, items: page.items.map((flag) => ({ ...flag, project })) }, asked, ({ key }) => key);
  }

  @ResolveField(() => FlagObject, {
    nullable: true,
    complexity: 10,
    description: 'Null, with an error, where there is none',
  })
  async flag(
    @Context() ctx: RequestContext,
    @Parent() { key: project }: Project,
    @Args('key') key: string,
  ): Promise<FlagNode> {
    return { ...(await this.service.get(ctx, project, key)), project };
  }

  @ResolveField(() => [String], { complexity: 10, description: 'The tags that flags of the project have, in order' })
  flagTags(@Context() ctx: RequestContext, @Parent() { key }: Project): Promise<readonly string[]> {
    return this.service.tags(ctx, key);
  }
}

/** What follows of a flag by itself. */
@Resolver(() => FlagObject)
@RequirePermission('flag.read')
export class FlagLifeResolver {
  constructor(private readonly clock: Clock) {}

  @ResolveField(() => Boolean, { description: 'Whether its due date is past: such flags are debt' })
  isOverdue(@Parent() { dueAt }: FlagNode): boolean {
    return dueAt !== null && dueAt < this.clock.now();
  }
}
