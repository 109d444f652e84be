import { Args, Field, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { AbilityObject } from '../transport/ability.js';
import { DateTime, JsonValue } from '../transport/graphql-scalars.js';
import { payloadOf } from '../transport/mutation-payload.js';
import { PerRequest } from '../transport/per-request.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { FlagSettings } from './flag.js';
import { type SettingsAbility, settingsAbilities } from './flag-abilities.js';
import { FlagHoldings } from './flag-holdings.service.js';
import type { FlagHold } from './flag-holds.service.js';
import { FlagSettingsService, type SettingsKeys } from './flag-settings.service.js';
import { type FlagNode, FlagObject } from './flags.resolver.js';

@ObjectType('FlagHold', { description: 'A release that is ramping a flag, and would be spoiled by an edit' })
class HoldObject {
  @Field(() => String)
  releaseId!: string;

  @Field(() => String, { description: 'What it is doing' })
  sentence!: string;
}

@ObjectType({ isAbstract: true })
abstract class PlacedSettingsFields {
  @Field(() => String, { description: 'Key of the flag' })
  flag!: string;

  @Field(() => String, { description: 'Key of the environment' })
  environment!: string;

  @Field(() => Boolean, { description: 'Off serves the off variation to all' })
  on!: boolean;

  @Field(() => String, { nullable: true, description: 'Key of a variation; null: the caller’s default' })
  offVariation!: string | null;

  @Field(() => JsonValue, {
    nullable: true,
    description: 'What is served where nothing else matched: Serve of OpenAPI; null: the caller’s default',
  })
  defaultServe!: Json;

  @Field(() => Int, { description: '0 until the first edit; what expectedVersion is compared with' })
  version!: number;

  @Field(() => DateTime, { nullable: true, description: 'Null until the first edit' })
  updatedAt!: Date | null;
}

@ObjectType('FlagState', { description: 'How a flag decides in an environment, in short' })
class FlagStateObject extends PlacedSettingsFields {
  @Field(() => Int)
  ruleCount!: number;

  @Field(() => Int, { description: 'How many targeting keys are served a variation of their own' })
  targetCount!: number;

  @Field(() => [String], { description: 'Keys of flags that must serve what this one asks of them' })
  prerequisiteFlags!: string[];
}

@ObjectType('FlagSettings', { description: 'How a flag decides in an environment' })
export class FlagSettingsObject extends PlacedSettingsFields {
  @Field(() => JsonValue, { description: 'A list of Target of OpenAPI: looked at in order, before the rules' })
  targets!: Json;

  @Field(() => JsonValue, { description: 'A list of FlagRule of OpenAPI: the first that matches serves' })
  rules!: Json;

  @Field(() => JsonValue, { description: 'A list of Prerequisite of OpenAPI: all must be met' })
  prerequisites!: Json;
}

export const FlagSettingsPayload = payloadOf(FlagSettingsObject, 'FlagSettings');

/** Settings, and where they belong. */
export type PlacedSettings = Readonly<SettingsKeys> & FlagSettings;

/** What of a flag is set in each environment. It comes with the flag, so that lists ask no more for it. */
@Resolver(() => FlagObject)
@RequirePermission('flag.read')
export class FlagSettingsResolver {
  constructor(private readonly service: FlagSettingsService) {}

  @ResolveField(() => [FlagStateObject], { description: 'Its state in every environment, by key: no slower in lists' })
  environments(@Parent() { key, project, environments }: FlagNode): readonly object[] {
    return Object.entries(environments).map(([environment, settings]) => ({
      ...settings,
      ...{ project, flag: key, environment },
      ruleCount: settings.rules.length,
      targetCount: settings.targets.reduce((sum, { values }) => sum + values.length, 0),
      prerequisiteFlags: settings.prerequisites.map(({ flag }) => flag),
    }));
  }

  @ResolveField(() => FlagSettingsObject, {
    nullable: true,
    complexity: 5,
    description: 'Null, with an error, where there is no such environment',
  })
  async settings(
    @Context() ctx: RequestContext,
    @Parent() { key, project, environments }: FlagNode,
    @Args('environment') environment: string,
  ): Promise<PlacedSettings> {
    const at = { project, flag: key, environment };
    return { ...at, ...(environments[environment] ?? (await this.service.get(ctx, at))) };
  }
}

const holdLoaders = (of: FlagHoldings['of']) =>
  new PerRequest(
    (ctx) =>
      new DataLoader<SettingsKeys, FlagHold | null, string>((places) => of(ctx, places), {
        cacheKeyFn: place,
      }),
  );
const place = ({ project, flag, environment }: SettingsKeys): string => `${project} ${flag} ${environment}`;

/** Whether a flag is being ramped, in every environment at once. */
@Resolver(() => FlagStateObject)
@RequirePermission('flag.read')
export class FlagStateHoldsResolver {
  private readonly loaders = holdLoaders((...asked) => this.holdings.of(...asked));

  constructor(private readonly holdings: FlagHoldings) {}

  @ResolveField(() => HoldObject, { nullable: true, complexity: 10, description: 'Null: free to edit' })
  hold(@Context() ctx: RequestContext, @Parent() state: PlacedSettings): Promise<FlagHold | null> {
    return this.loaders.of(ctx).load(state);
  }
}

/** What may be done to a flag's settings now. All that are asked for at once are looked up together. */
@Resolver(() => FlagSettingsObject)
@RequirePermission('flag.read')
export class FlagHoldsResolver {
  private readonly loaders = holdLoaders((...asked) => this.holdings.of(...asked));

  constructor(private readonly holdings: FlagHoldings) {}

  @ResolveField(() => HoldObject, { nullable: true, complexity: 10, description: 'Null: free to edit' })
  hold(@Context() ctx: RequestContext, @Parent() settings: PlacedSettings): Promise<FlagHold | null> {
    return this.loaders.of(ctx).load(settings);
  }

  @ResolveField(() => [AbilityObject], { complexity: 10 })
  async abilities(
    @Context() ctx: RequestContext,
    @Parent() settings: PlacedSettings,
  ): Promise<readonly SettingsAbility[]> {
    return settingsAbilities(await this.loaders.of(ctx).load(settings));
  }
}
