import { Args, Field, ID, InputType, Mutation, Resolver } from '@nestjs/graphql';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { enumOf, JsonValue } from '../transport/graphql-scalars.js';
import { type Payload, toPayload } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { parseApproval, parsePromotion, parseReason, parseStart } from './parse-command.js';
import { ReleaseCommands } from './release-commands.service.js';
import type { ReleaseView } from './release-view.js';
import { ReleasePayload } from './release-objects.resolver.js';
import { ReleasesService } from './releases.service.js';

const PromotionWord = enumOf<'next' | 'last'>(['next', 'last'], {
  name: 'ReleasePromotion',
  description: 'To which step it is sent',
});

@InputType()
class CreateReleaseInput {
  @Field(() => JsonValue, { description: 'A ReleaseDraft of the REST API' })
  document!: Json;
}

@InputType({ isAbstract: true })
abstract class ReleaseInput {
  @Field(() => ID)
  id!: string;
}

@InputType({ isAbstract: true })
abstract class ReasonedReleaseInput extends ReleaseInput {
  @Field(() => String, { description: 'For people, and for the record' })
  reason!: string;
}

@InputType()
class ApproveReleaseInput extends ReleaseInput {
  @Field(() => String, { nullable: true })
  comment?: string | null;
}

@InputType()
class StartReleaseInput extends ReleaseInput {
  @Field(() => String, { nullable: true, description: 'Why builds that were rolled back here are tried again' })
  overrideRejection?: string | null;
}

@InputType()
class PauseReleaseInput extends ReasonedReleaseInput {}

@InputType()
class ResumeReleaseInput extends ReleaseInput {}

@InputType()
class PromoteReleaseInput extends ReleaseInput {
  @Field(() => PromotionWord, { nullable: true, description: 'last unless said' })
  to?: 'next' | 'last' | null;

  @Field(() => String, { nullable: true, description: 'For people, and for the record' })
  reason?: string | null;
}

@InputType()
class AbortReleaseInput extends ReasonedReleaseInput {}

@InputType()
class RollBackReleaseInput extends ReasonedReleaseInput {}

const COMPLEXITY = { complexity: 20 };

/** What people do to releases. Asking twice for the same finds it done, or says how the release stands. */
@Resolver()
@RequirePermission('release.write')
export class ReleaseCommandsResolver {
  constructor(
    private readonly releases: ReleasesService,
    private readonly commands: ReleaseCommands,
  ) {}

  @Mutation(() => ReleasePayload, {
    ...COMPLEXITY,
    description: 'Makes a release; with "start" it begins at once. Asking again for the same while it is open finds it',
  })
  createRelease(
    @Context() ctx: RequestContext,
    @Args('input') { document }: CreateReleaseInput,
  ): Promise<Payload<ReleaseView>> {
    return toPayload(async () => (await this.releases.create(ctx, document)).release);
  }

  @Mutation(() => ReleasePayload, {
    ...COMPLEXITY,
    description: 'Approves the start of a release, or going on from the step it is at; two people, as far as is known',
  })
  @RequirePermission('release.approve')
  approveRelease(
    @Context() ctx: RequestContext,
    @Args('input') { id, comment }: ApproveReleaseInput,
  ): Promise<Payload<ReleaseView>> {
    return toPayload(async () => {
      const approval = parseApproval({ comment: comment ?? undefined });
      return this.commands.approve(ctx, id, approval.comment);
    });
  }

  @Mutation(() => ReleasePayload, {
    ...COMPLEXITY,
    description: 'Starts a release, or a new attempt of one that was rolled back or aborted',
  })
  startRelease(
    @Context() ctx: RequestContext,
    @Args('input') { id, overrideRejection }: StartReleaseInput,
  ): Promise<Payload<ReleaseView>> {
    return toPayload(async () => {
      const { overrideRejection: why = null } = parseStart({ overrideRejection: overrideRejection ?? undefined });
      return this.commands.start(ctx, id, { overrideRejection: why });
    });
  }

  @Mutation(() => ReleasePayload, { ...COMPLEXITY, description: 'Stops the ramp where it is; it is still judged' })
  @RequirePermission('release.stop')
  pauseRelease(
    @Context() ctx: RequestContext,
    @Args('input') { id, reason }: PauseReleaseInput,
  ): Promise<Payload<ReleaseView>> {
    return toPayload(async () => this.commands.pause(ctx, id, parseReason({ reason }, 'pause').reason));
  }

  @Mutation(() => ReleasePayload, { ...COMPLEXITY, description: 'Goes on after a pause' })
  resumeRelease(
    @Context() ctx: RequestContext,
    @Args('input') { id }: ResumeReleaseInput,
  ): Promise<Payload<ReleaseView>> {
    return toPayload(() => this.commands.resume(ctx, id));
  }

  @Mutation(() => ReleasePayload, {
    ...COMPLEXITY,
    description: 'Goes to the last step, or the next, without waiting for evidence',
  })
  promoteRelease(
    @Context() ctx: RequestContext,
    @Args('input') { id, to, reason }: PromoteReleaseInput,
  ): Promise<Payload<ReleaseView>> {
    return toPayload(async () => {
      const asked = parsePromotion({ to: to ?? undefined, reason: reason ?? undefined });
      return this.commands.skip(ctx, id, asked);
    });
  }

  @Mutation(() => ReleasePayload, { ...COMPLEXITY, description: 'Gives a release up and puts everything back' })
  @RequirePermission('release.stop')
  abortRelease(
    @Context() ctx: RequestContext,
    @Args('input') { id, reason }: AbortReleaseInput,
  ): Promise<Payload<ReleaseView>> {
    return toPayload(async () => this.commands.abort(ctx, id, parseReason({ reason }, 'abort').reason));
  }

  @Mutation(() => ReleasePayload, {
    ...COMPLEXITY,
    description: 'Puts everything back because it is bad; the builds are remembered as such',
  })
  @RequirePermission('release.stop')
  rollBackRelease(
    @Context() ctx: RequestContext,
    @Args('input') { id, reason }: RollBackReleaseInput,
  ): Promise<Payload<ReleaseView>> {
    return toPayload(async () => this.commands.rollBack(ctx, id, parseReason({ reason }, 'rollback').reason));
  }
}
