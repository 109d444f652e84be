import { Args, Field, InputType, Int, Mutation, Resolver } from '@nestjs/graphql';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { expectedVersionOf } from '../transport/expected-version-of.js';
import { JsonValue } from '../transport/graphql-scalars.js';
import { type Payload, toPayload } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { FlagSettings } from './flag.js';
import { FlagRevisions } from './flag-revisions.service.js';
import { FlagSettingsPayload, type PlacedSettings } from './flag-settings.resolver.js';
import { type EditTerms, FlagSettingsService, type SettingsKeys } from './flag-settings.service.js';

@InputType({ isAbstract: true })
abstract class FlagPlaceInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => String, { description: 'Key of the environment' })
  environment!: string;

  @Field(() => String, { description: 'Key of the flag' })
  flag!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Why a release that is ramping the flag here is to end; without it, such an edit is refused',
  })
  takeOver?: string | null;
}

@InputType()
class EditFlagSettingsInput extends FlagPlaceInput {
  @Field(() => Int, { description: 'Refused (VERSION_STALE) where the settings have another' })
  expectedVersion!: number;

  @Field(() => JsonValue, { description: 'The fields that change: FlagSettingsEdit of OpenAPI' })
  document!: Json;
}

@InputType()
class SwitchFlagInput extends FlagPlaceInput {
  @Field(() => Boolean)
  on!: boolean;

  @Field(() => Int, { nullable: true, description: 'Null: whatever they are by now; a kill switch waits for nobody' })
  expectedVersion?: number | null;
}

@InputType()
class RevertFlagSettingsInput extends FlagPlaceInput {
  @Field(() => Int, { description: 'sequence of the FlagRevision after which the settings were as they are to be' })
  revision!: number;

  @Field(() => Int, { description: 'Refused (VERSION_STALE) where the settings have another' })
  expectedVersion!: number;
}

/** How a flag decides in one environment. Each answers the settings as they are afterwards, or why they are not. */
@Resolver()
@RequirePermission('flag.write')
export class FlagSettingsCommandsResolver {
  constructor(
    private readonly settings: FlagSettingsService,
    private readonly revisions: FlagRevisions,
  ) {}

  @Mutation(() => FlagSettingsPayload, {
    complexity: 20,
    description: 'Changes a flag’s settings in an environment: fields given replace, others stay',
  })
  editFlagSettings(
    @Context() ctx: RequestContext,
    @Args('input') { document, ...input }: EditFlagSettingsInput,
  ): Promise<Payload<PlacedSettings>> {
    return answer(input, (at, terms) => this.settings.edit(ctx, at, terms, document));
  }

  @Mutation(() => FlagSettingsPayload, {
    complexity: 20,
    description: 'Switches a flag on or off; switching off ends a release that is ramping it, whatever takeOver says',
  })
  switchFlag(
    @Context() ctx: RequestContext,
    @Args('input') { on, ...input }: SwitchFlagInput,
  ): Promise<Payload<PlacedSettings>> {
    return answer(input, (at, terms) => this.settings.edit(ctx, at, terms, { on }));
  }

  @Mutation(() => FlagSettingsPayload, {
    complexity: 20,
    description: 'Puts settings back as they were after one of their revisions',
  })
  revertFlagSettings(
    @Context() ctx: RequestContext,
    @Args('input') { revision, ...input }: RevertFlagSettingsInput,
  ): Promise<Payload<PlacedSettings>> {
    return answer(input, (at, terms) => this.revisions.revert(ctx, { ...at, revision: String(revision) }, terms));
  }
}

function answer(
  input: FlagPlaceInput & { readonly expectedVersion?: number | null },
  edit: (at: SettingsKeys, terms: EditTerms) => Promise<FlagSettings>,
): Promise<Payload<PlacedSettings>> {
  const { project, environment, flag, takeOver, expectedVersion } = input;
  const at = { project, environment, flag };
  const terms = { expected: expectedVersionOf(expectedVersion), takeOver: takeOver?.trim() || undefined };
  return toPayload(async () => ({ ...at, ...(await edit(at, terms)) }));
}
