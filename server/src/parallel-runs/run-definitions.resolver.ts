import { Args, Field, InputType, Int, Mutation, Resolver } from '@nestjs/graphql';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { expectedVersionOf } from '../transport/expected-version-of.js';
import { JsonValue } from '../transport/graphql-scalars.js';
import { type Payload, toPayload } from '../transport/mutation-payload.js';
import { type DeletedObject, DeletedPayload } from '../transport/deleted.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { type ParallelRunNode, ParallelRunPayload, toRunNode } from './parallel-runs.resolver.js';
import { ParallelRunsService } from './parallel-runs.service.js';
import { RunRemovals } from './run-removals.service.js';

@InputType()
class CreateParallelRunInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => JsonValue, { description: 'ParallelRunDraft of OpenAPI' })
  document!: Json;
}

@InputType({ isAbstract: true })
abstract class KnownRunInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => String, { description: 'Key of the run' })
  run!: string;

  @Field(() => Int, { description: 'Refused (VERSION_STALE) where the run has another' })
  expectedVersion!: number;
}

@InputType()
class EditParallelRunInput extends KnownRunInput {
  @Field(() => JsonValue, { description: 'The fields that change: ParallelRunEdit of OpenAPI' })
  document!: Json;
}

@InputType()
class DeleteParallelRunInput extends KnownRunInput {}

/** What a run is, in every environment the same. */
@Resolver()
export class RunDefinitionsResolver {
  constructor(
    private readonly runs: ParallelRunsService,
    private readonly removals: RunRemovals,
  ) {}

  @Mutation(() => ParallelRunPayload, { complexity: 20, description: 'Creates a run, off in every environment' })
  @RequirePermission('parallelRun.write')
  createParallelRun(
    @Context() ctx: RequestContext,
    @Args('input') { project, document }: CreateParallelRunInput,
  ): Promise<Payload<ParallelRunNode>> {
    return toPayload(async () => toRunNode(project, await this.runs.create(ctx, project, document)));
  }

  @Mutation(() => ParallelRunPayload, { complexity: 20, description: 'Edits what a run is; its key never changes' })
  @RequirePermission('parallelRun.write')
  editParallelRun(
    @Context() ctx: RequestContext,
    @Args('input') { document, expectedVersion, ...at }: EditParallelRunInput,
  ): Promise<Payload<ParallelRunNode>> {
    return toPayload(async () =>
      toRunNode(at.project, await this.runs.edit(ctx, at, expectedVersionOf(expectedVersion), document)),
    );
  }

  @Mutation(() => DeletedPayload, {
    complexity: 20,
    description: 'Deletes a run with its certificates; services call the control alone',
  })
  @RequirePermission('parallelRun.write')
  deleteParallelRun(
    @Context() ctx: RequestContext,
    @Args('input') { expectedVersion, ...at }: DeleteParallelRunInput,
  ): Promise<Payload<DeletedObject>> {
    return toPayload(async () => {
      await this.removals.delete(ctx, at, expectedVersionOf(expectedVersion));
      return { key: at.run };
    });
  }
}
