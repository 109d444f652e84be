import { Args, Field, InputType, Int, Mutation, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../kernel/request-context.js';
import { type Project, ProjectObject } from '../projects/index.js';
import { type Connection, connectionOf, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { enumOf } from '../transport/graphql-scalars.js';
import { type Payload, payloadOf, toPayload } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { withoutNulls } from '../transport/without-nulls.js';
import { type Likeness, LIKENESSES, SETTINGS_FIELDS, type SettingsField } from './compare-settings.js';
import { FlagSettingsObject, type PlacedSettings } from './flag-settings.resolver.js';
import { type ComparedFlag, SettingsComparisons, type Sides } from './settings-comparisons.service.js';
import { type PromotedSettings, SettingsPromotions } from './settings-promotions.service.js';

const LikenessWord = enumOf<Likeness>(LIKENESSES, {
  name: 'SettingsLikeness',
  description: 'How settings in two environments are to each other; onlyLeft: nobody ever set it in the right one',
});
const FieldWord = enumOf<SettingsField>(SETTINGS_FIELDS, {
  name: 'SettingsField',
  description: 'What of settings can be compared and carried over on its own',
});

@ObjectType('FlagComparison', { description: 'A flag’s settings in two environments, side by side' })
class FlagComparisonObject {
  @Field(() => String, { description: 'Key of the flag' })
  flag!: string;

  @Field(() => String, { description: 'Name of the flag' })
  name!: string;

  @Field(() => LikenessWord)
  likeness!: Likeness;

  @Field(() => [FieldWord], { description: 'In which they differ' })
  fields!: readonly SettingsField[];

  @Field(() => FlagSettingsObject)
  left!: PlacedSettings;

  @Field(() => FlagSettingsObject)
  right!: PlacedSettings;
}

const FlagComparisonConnection = connectionOf(FlagComparisonObject, 'FlagComparison');

@ObjectType('EnvironmentComparison', { description: 'What flags decide in two environments' })
class EnvironmentComparisonObject {
  @Field(() => String, { description: 'Key of an environment' })
  left!: string;

  @Field(() => String, { description: 'Key of an environment' })
  right!: string;

  @Field(() => Int, { description: 'Flags whose settings are the same, of all' })
  same!: number;

  @Field(() => Int)
  different!: number;

  @Field(() => Int)
  onlyLeft!: number;

  @Field(() => Int)
  onlyRight!: number;

  @Field(() => FlagComparisonConnection, { description: 'In order of key: the page that was asked for' })
  flags!: Connection<unknown>;
}

@ObjectType('SettingsPromotion', { description: 'What was carried over' })
class SettingsPromotionObject {
  @Field(() => [FlagSettingsObject], { description: 'The settings as they are in the target, in the order asked for' })
  settings!: readonly PlacedSettings[];

  @Field(() => [String], { description: 'Keys of the flags that were not so before' })
  changed!: readonly string[];
}

const SettingsPromotionPayload = payloadOf(SettingsPromotionObject, 'SettingsPromotion');

@InputType()
class PromotedFlagInput {
  @Field(() => String, { description: 'Key of the flag' })
  flag!: string;

  @Field(() => Int, { description: 'Version of its settings where they come from, as last seen' })
  fromVersion!: number;

  @Field(() => Int, { description: 'Version of its settings where they go, as last seen' })
  toVersion!: number;
}

@InputType()
class PromoteFlagSettingsInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => String, { description: 'Key of the environment whose settings are taken' })
  from!: string;

  @Field(() => String, { description: 'Key of the environment whose settings are to change' })
  to!: string;

  @Field(() => [PromotedFlagInput], { description: '1 to 100' })
  flags!: PromotedFlagInput[];

  @Field(() => [FieldWord], { nullable: true, description: 'What of the settings is carried over; all unless said' })
  fields?: SettingsField[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why releases that are ramping these flags there are to end; without it, the promotion is refused',
  })
  takeOver?: string | null;

  @Field(() => String, { nullable: true, description: 'For people, and for the record' })
  reason?: string | null;
}

@Resolver(() => ProjectObject)
export class SettingsPromotionsResolver {
  constructor(
    private readonly comparisons: SettingsComparisons,
    private readonly promotions: SettingsPromotions,
  ) {}

  @ResolveField(() => EnvironmentComparisonObject, {
    nullable: true,
    complexity: 20,
    description: 'Compares the settings of all flags in two environments',
  })
  @RequirePermission('flag.read')
  async compareEnvironments(
    @Context() ctx: RequestContext,
    @Parent() { key: project }: Project,
    @Args('left', { description: 'Key of an environment' }) left: string,
    @Args('right', { description: 'Key of an environment' }) right: string,
    @Args() asked: PageArgs,
    @Args('likeness', { type: () => [LikenessWord], nullable: true, description: 'Only such flags; all unless said' })
    likeness?: Likeness[] | null,
  ): Promise<EnvironmentComparisonObject> {
    const sides = { project, left, right };
    const { counts, ...page } = await this.comparisons.list(ctx, sides, pageRequestOf(asked), likeness ?? []);
    const items = page.items.map((compared) => toNode(sides, compared));
    return { left, right, ...counts, flags: toConnection({ ...page, items }, asked, ({ flag }) => flag) };
  }

  @Mutation(() => SettingsPromotionPayload, {
    complexity: 50,
    description: 'Carries the settings of flags over from one environment to another: all of them, or none',
  })
  @RequirePermission('flag.write')
  promoteFlagSettings(
    @Context() ctx: RequestContext,
    @Args('input') { project, from, flags, ...input }: PromoteFlagSettingsInput,
  ): Promise<Payload<SettingsPromotionObject>> {
    const body = { ...withoutNulls(input), flags: flags.map((each) => ({ ...each })) };
    return toPayload(async () => toPromotion(project, await this.promotions.promote(ctx, { project, from }, body)));
  }
}

function toNode({ project, left: leftKey, right: rightKey }: Sides, { left, right, ...compared }: ComparedFlag) {
  const { flag } = compared;
  return {
    ...compared,
    left: { ...left, project, flag, environment: leftKey },
    right: { ...right, project, flag, environment: rightKey },
  };
}

function toPromotion(project: string, promoted: readonly PromotedSettings[]): SettingsPromotionObject {
  return {
    settings: promoted.map(({ flag, environment, settings }) => ({ ...settings, project, flag, environment })),
    changed: promoted.filter(({ isChanged }) => isChanged).map(({ flag }) => flag),
  };
}
