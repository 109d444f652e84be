import { Args, Field, InputType, Int, Mutation, Resolver } from '@nestjs/graphql';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { expectedVersionOf } from '../transport/expected-version-of.js';
import { JsonValue } from '../transport/graphql-scalars.js';
import { type Payload, toPayload } from '../transport/mutation-payload.js';
import { type DeletedObject, DeletedPayload } from '../transport/deleted.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { type SegmentNode, SegmentPayload, toSegmentNode } from './segments.resolver.js';
import { SegmentsService } from './segments.service.js';

@InputType()
class CreateSegmentInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => JsonValue, { description: 'SegmentDraft of OpenAPI' })
  document!: Json;
}

@InputType({ isAbstract: true })
abstract class KnownSegmentInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => String, { description: 'Key of the segment' })
  segment!: string;

  @Field(() => Int, { description: 'Refused (VERSION_STALE) where the segment has another' })
  expectedVersion!: number;
}

@InputType()
class EditSegmentInput extends KnownSegmentInput {
  @Field(() => JsonValue, { description: 'The fields that change: SegmentEdit of OpenAPI' })
  document!: Json;
}

@InputType()
class DeleteSegmentInput extends KnownSegmentInput {}

@Resolver()
@RequirePermission('segment.write')
export class SegmentCommandsResolver {
  constructor(private readonly segments: SegmentsService) {}

  @Mutation(() => SegmentPayload, { complexity: 20, description: 'Creates a segment' })
  createSegment(
    @Context() ctx: RequestContext,
    @Args('input') { project, document }: CreateSegmentInput,
  ): Promise<Payload<SegmentNode>> {
    return toPayload(async () => toSegmentNode(project, await this.segments.create(ctx, project, document)));
  }

  @Mutation(() => SegmentPayload, { complexity: 20, description: 'Edits a segment; its key never changes' })
  editSegment(
    @Context() ctx: RequestContext,
    @Args('input') { document, expectedVersion, ...at }: EditSegmentInput,
  ): Promise<Payload<SegmentNode>> {
    return toPayload(async () =>
      toSegmentNode(at.project, await this.segments.edit(ctx, at, expectedVersionOf(expectedVersion), document)),
    );
  }

  @Mutation(() => DeletedPayload, { complexity: 20, description: 'Deletes a segment that nothing uses' })
  deleteSegment(
    @Context() ctx: RequestContext,
    @Args('input') { expectedVersion, ...at }: DeleteSegmentInput,
  ): Promise<Payload<DeletedObject>> {
    return toPayload(async () => {
      await this.segments.delete(ctx, at, expectedVersionOf(expectedVersion));
      return { key: at.segment };
    });
  }
}
