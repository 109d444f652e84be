import { Args, Field, Float, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { PlanTrafficInput, PolicyPlanObject, toPlanNode, toPlanTraffic } from '../policies/index.js';
import { JsonValue } from '../transport/graphql-scalars.js';
import { ProblemObject, toProblems } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { DiffObject } from './release-detail-objects.resolver.js';
import { type ReleasePreview, ReleasePreviews } from './release-previews.service.js';

@ObjectType('ReleasePreview', { description: 'What asking for a release would come to; nothing is stored' })
class PreviewObject {
  @Field(() => [ProblemObject], { description: 'All that would refuse it, or keep it from starting where it asks to' })
  problems!: readonly ProblemObject[];

  @Field(() => [DiffObject], { description: 'Before and after, in the order of the changes' })
  diff!: readonly object[];

  @Field(() => ID, { nullable: true, description: 'An open release that is the same and would be answered instead' })
  existingId!: string | null;

  @Field(() => String, { nullable: true, description: 'Key of the policy' })
  policyKey!: string | null;

  @Field(() => Int, { nullable: true, description: '0 for a preset' })
  policyVersion!: number | null;

  @Field(() => JsonValue, { nullable: true, description: 'Arguments filled in: PolicyDocument of the REST API' })
  policy!: Json;

  @Field(() => Int, { description: 'Approvals that its policy asks for to start' })
  approvalsToStart!: number;

  @Field(() => Float, { nullable: true, description: 'Until everybody has it, were every step its hold and no longer' })
  leastSecondsToFull!: number | null;

  @Field(() => PolicyPlanObject, { nullable: true, description: 'Time to 100 % and power with ordinary traffic' })
  plan!: PolicyPlanObject | null;

  @Field(() => [ProblemObject], {
    description: 'Why there is no plan; NO_HISTORY and BAD_RATE_UNKNOWN ask for "traffic"',
  })
  planProblems!: readonly ProblemObject[];

  @Field(() => String, { nullable: true, description: 'The document as YAML, for sluice release create -f' })
  yaml!: string | null;

  @Field(() => String, { nullable: true, description: 'The same as a sluice command' })
  cliCommand!: string | null;

  @Field(() => String, { nullable: true, description: 'The same as a curl command' })
  curlCommand!: string | null;
}

@Resolver()
@RequirePermission('release.read')
export class ReleasePreviewsResolver {
  constructor(private readonly previews: ReleasePreviews) {}

  @Query(() => PreviewObject, {
    nullable: true,
    complexity: 200,
    description: 'What asking for a release would come to: problems, diff, time to 100 %, power, and the same as texts',
  })
  async previewRelease(
    @Context() ctx: RequestContext,
    @Args('document', { type: () => JsonValue, description: 'A ReleaseDraft of the REST API' }) document: Json,
    @Args('traffic', { type: () => PlanTrafficInput, nullable: true }) traffic: PlanTrafficInput | undefined,
  ): Promise<PreviewObject> {
    return toNode(await this.previews.preview(ctx, document, toPlanTraffic(traffic)));
  }
}

function toNode(preview: ReleasePreview): PreviewObject {
  const { refusals, changes, policy, plan, planRefusal, ...rest } = preview;
  return {
    ...rest,
    problems: refusals.flatMap(toProblems),
    diff: changes,
    policyKey: policy?.key ?? null,
    policyVersion: policy?.version ?? null,
    // A policy's document is JSON by construction.
    policy: (policy?.document ?? null) as unknown as Json,
    plan: plan && toPlanNode(plan),
    planProblems: planRefusal === null ? [] : toProblems(planRefusal),
  };
}
