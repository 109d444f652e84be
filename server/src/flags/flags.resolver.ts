import { Args, ArgsType, Field, ID, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { FlagType, Variation } from '@sluice/sdk/evaluation';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Project, ProjectObject } from '../projects/index.js';
import { type Connection, connectionOf, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { DateTime, enumOf, JsonValue } from '../transport/graphql-scalars.js';
import { payloadOf } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { type FlagWithSettings, PURPOSES, type Purpose } from './flag.js';
import { FlagLists } from './flag-lists.service.js';
import { FLAG_SORTS, type FlagSort } from './flag-order.js';
import { type AskedFlags, readsAll } from './flag-query.js';
import { FlagsService } from './flags.service.js';
import { LIFE_STAGES, type LifeStage } from './life-stage.js';

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

const SortWord = enumOf<FlagSort>(FLAG_SORTS, {
  name: 'FlagSort',
  description:
    'By what flags are put in order: state is off before on in an environment; evaluated is the last time, in the ' +
    'environment or in any; stage as its words are in order. Flags without such a thing come last.',
});
/** What a flag’s stage is declared as. */
export const StageWord = enumOf<LifeStage>(LIFE_STAGES, {
  name: 'FlagStage',
  description:
    'Where a flag stands between its making and its removal: overdue is past its due date; unused was made over a ' +
    'week ago and never evaluated; idle was not for a week; settled is a release or experiment that is on for all with ' +
    'one answer everywhere; new is not evaluated yet. All but new and live are stale: the flag may be able to go.',
});

/** What a list of flags is narrowed to, and its order. */
@ArgsType()
class FlagArgs extends PageArgs implements AskedFlags {
  @Field(() => String, { nullable: true, description: 'Part of a key or name, in any case' })
  search?: string | null;

  @Field(() => [String], { nullable: true, description: 'All of which a flag must have' })
  tags?: string[] | null;

  @Field(() => PurposeWord, { nullable: true })
  purpose?: Purpose | null;

  @Field(() => TypeWord, { nullable: true })
  type?: FlagType | null;

  @Field(() => String, { nullable: true })
  owner?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether its due date is past' })
  overdue?: boolean | null;

  @Field(() => StageWord, { nullable: true })
  stage?: LifeStage | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether its stage is any but new and live' })
  stale?: boolean | null;

  @Field(() => String, { nullable: true, description: 'Key of the environment of which on, state and evaluated are' })
  environment?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is on in the environment, which must be named' })
  on?: boolean | null;

  @Field(() => SortWord, { defaultValue: 'key' })
  sort!: FlagSort;

  @Field(() => Boolean, { defaultValue: false, description: 'The other way round' })
  descending!: boolean;
}

/** A tenth of what a document may cost, where all flags of a project are read. */
const costOfList = (asked: AskedFlags): number => (readsAll(asked) ? 500 : 20);

/** A flag as fields of it need it. */
export type FlagNode = FlagWithSettings & { readonly project: string };

@Resolver(() => ProjectObject)
@RequirePermission('flag.read')
export class FlagsResolver {
  constructor(
    private readonly service: FlagsService,
    private readonly lists: FlagLists,
  ) {}

  @ResolveField(() => FlagConnection, {
    nullable: true,
    complexity: ({ args, childComplexity }) => costOfList(args) + childComplexity,
    description: 'In order; a cursor is of a list of the same order that is narrowed alike',
  })
  async flags(
    @Context() ctx: RequestContext,
    @Parent() { key: project }: Project,
    @Args() asked: FlagArgs,
  ): Promise<Connection<FlagNode>> {
    const page = await this.lists.list(ctx, project, pageRequestOf(asked), asked);
    const items = page.items.map((flag) => ({ ...flag, project }));
    return toConnection({ ...page, items }, asked, page.sortKeyOf);
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
