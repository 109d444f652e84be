import { Args, Field, InputType, Int, Mutation, Resolver } from '@nestjs/graphql';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { expectedVersionOf } from '../transport/expected-version-of.js';
import { JsonValue } from '../transport/graphql-scalars.js';
import { type Payload, toPayload } from '../transport/mutation-payload.js';
import { type DeletedObject, DeletedPayload } from '../transport/deleted.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { type FlagNode, FlagPayload } from './flags.resolver.js';
import { FlagsService } from './flags.service.js';

@InputType()
class CreateFlagInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => JsonValue, { description: 'FlagDraft of OpenAPI' })
  document!: Json;
}

@InputType({ isAbstract: true })
abstract class KnownFlagInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => String, { description: 'Key of the flag' })
  flag!: string;

  @Field(() => Int, { description: 'Refused (VERSION_STALE) where the flag has another' })
  expectedVersion!: number;
}

@InputType()
class EditFlagInput extends KnownFlagInput {
  @Field(() => JsonValue, { description: 'The fields that change: FlagEdit of OpenAPI' })
  document!: Json;
}

@InputType()
class DeleteFlagInput extends KnownFlagInput {}

/** What a flag is, in every environment the same. */
@Resolver()
@RequirePermission('flag.write')
export class FlagCommandsResolver {
  constructor(private readonly flags: FlagsService) {}

  @Mutation(() => FlagPayload, { complexity: 20, description: 'Creates a flag, switched off in every environment' })
  createFlag(
    @Context() ctx: RequestContext,
    @Args('input') { project, document }: CreateFlagInput,
  ): Promise<Payload<FlagNode>> {
    return toPayload(async () => ({ ...(await this.flags.create(ctx, project, document)), project }));
  }

  @Mutation(() => FlagPayload, {
    complexity: 20,
    description: 'Edits a flag’s definition, its due date among it; key and type never change',
  })
  editFlag(
    @Context() ctx: RequestContext,
    @Args('input') { document, expectedVersion, ...at }: EditFlagInput,
  ): Promise<Payload<FlagNode>> {
    return toPayload(async () => {
      const flag = await this.flags.edit(ctx, at, expectedVersionOf(expectedVersion), document);
      return { ...flag, project: at.project };
    });
  }

  @Mutation(() => DeletedPayload, {
    complexity: 20,
    description: 'Deletes a flag that is no other’s prerequisite; services get their code’s default',
  })
  deleteFlag(
    @Context() ctx: RequestContext,
    @Args('input') { expectedVersion, ...at }: DeleteFlagInput,
  ): Promise<Payload<DeletedObject>> {
    return toPayload(async () => {
      await this.flags.delete(ctx, at, expectedVersionOf(expectedVersion));
      return { key: at.flag };
    });
  }
}
