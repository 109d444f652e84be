import { Args, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { invalid } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type ComparedMetric, type EvidenceSeries, MAX_EVIDENCE_POINTS } from '../rollouts/index.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import {
  AttemptObject,
  DiffObject,
  EvidenceSeriesObject,
  MetricObject,
  ReachObject,
  StepObject,
} from './release-detail-objects.resolver.js';
import { type ReleaseAttempt, ReleaseDetails, type ReleaseReach } from './release-details.service.js';
import { ReleaseObject } from './release-objects.resolver.js';
import type { ReleaseView } from './release-view.js';
import type { TimelineStep } from './step-timeline.js';

const ATTEMPT = { type: () => Int, nullable: true, description: 'The newest unless said' };

/** What the page of one release shows; each field asks the store by itself, so they are dear in lists. */
@Resolver(() => ReleaseObject)
@RequirePermission('release.read')
export class ReleaseDetailsResolver {
  constructor(private readonly details: ReleaseDetails) {}

  @ResolveField(() => [DiffObject], {
    nullable: true,
    complexity: 20,
    description: 'From when the newest attempt began, else from now; what can no longer be told is left out',
  })
  diff(@Context() ctx: RequestContext, @Parent() { id }: ReleaseView): Promise<readonly object[]> {
    return this.details.diff(ctx, id);
  }

  @ResolveField(() => ReachObject, { nullable: true, complexity: 20, description: 'Null where it is not under way' })
  reach(@Context() ctx: RequestContext, @Parent() { id }: ReleaseView): Promise<ReleaseReach | null> {
    return this.details.reach(ctx, id);
  }

  @ResolveField(() => [MetricObject], { nullable: true, complexity: 20, description: 'Of the newest attempt' })
  metrics(@Context() ctx: RequestContext, @Parent() { id }: ReleaseView): Promise<readonly ComparedMetric[]> {
    return this.details.metrics(ctx, id);
  }

  @ResolveField(() => [EvidenceSeriesObject], {
    nullable: true,
    complexity: 200,
    description:
      'How the evidence of each metric grew, judged again from what was measured; none once that is forgotten',
  })
  evidence(
    @Context() ctx: RequestContext,
    @Parent() { id }: ReleaseView,
    @Args('attempt', ATTEMPT) attempt: number | undefined,
    @Args('points', { type: () => Int, defaultValue: 200, description: `2 to ${MAX_EVIDENCE_POINTS} of each metric` })
    points: number,
  ): Promise<readonly EvidenceSeries[]> {
    if (points < 2 || points > MAX_EVIDENCE_POINTS) {
      throw invalid('POINTS_OUT_OF_RANGE', `"points" must be a whole number from 2 to ${MAX_EVIDENCE_POINTS}.`);
    }
    return this.details.evidence(ctx, id, { attempt: attempt ?? undefined, points });
  }

  @ResolveField(() => [StepObject], { nullable: true, complexity: 20, description: 'None before the first attempt' })
  timeline(
    @Context() ctx: RequestContext,
    @Parent() { id }: ReleaseView,
    @Args('attempt', ATTEMPT) attempt: number | undefined,
  ): Promise<readonly TimelineStep[]> {
    return this.details.timeline(ctx, id, attempt ?? undefined);
  }

  @ResolveField(() => [AttemptObject], { nullable: true, complexity: 20, description: 'Oldest first' })
  attempts(@Context() ctx: RequestContext, @Parent() { id }: ReleaseView): Promise<readonly ReleaseAttempt[]> {
    return this.details.attempts(ctx, id);
  }
}
