import { Args, Field, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../kernel/request-context.js';
import { DateTime, enumOf } from '../transport/graphql-scalars.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { type Overview, type OverviewVerdict, Overviews } from './overviews.service.js';
import { ATTENTION_TARGETS, type AttentionKind, type AttentionTarget } from './rank-attention.js';
import type { ReleaseView } from './release-view.js';
import { AttentionWord, ReleaseObject, StateWord } from './release-objects.resolver.js';

const TargetWord = enumOf<AttentionTarget>(ATTENTION_TARGETS, {
  name: 'AttentionTarget',
  description: 'Whose page says more',
});

@ObjectType('AttentionItem', { description: 'Something that asks for somebody' })
class AttentionItemObject {
  @Field(() => AttentionWord)
  kind!: AttentionKind;

  @Field(() => String, { description: 'What it is about: the name of a release, the key of a flag' })
  title!: string;

  @Field(() => String, { description: 'What is the matter, for people' })
  sentence!: string;

  @Field(() => DateTime, { description: 'Since when; of flags, when they are due' })
  since!: Date;

  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => String, { nullable: true, description: 'Key of the environment; null: of no one environment' })
  environment!: string | null;

  @Field(() => Boolean, { description: 'Whether users are there' })
  isProduction!: boolean;

  @Field(() => TargetWord)
  target!: AttentionTarget;

  @Field(() => ID, { description: 'Id of the release, or key' })
  targetId!: string;
}

@ObjectType('OverviewVerdict', { description: 'What was judged last of a release that runs, or ended within a week' })
class OverviewVerdictObject {
  @Field(() => ReleaseObject)
  release!: ReleaseView;

  @Field(() => StateWord)
  state!: OverviewVerdict['state'];

  @Field(() => Int, { description: 'From 0' })
  stepIndex!: number;

  @Field(() => Int, { description: 'Thousandths of a percent' })
  share!: number;

  @Field(() => DateTime)
  at!: Date;
}

@ObjectType('GuardrailCounts', { description: 'How many guardrails stand in each way' })
class GuardrailCountsObject {
  @Field(() => Int)
  unknown!: number;

  @Field(() => Int)
  holding!: number;

  @Field(() => Int)
  broken!: number;

  @Field(() => Int)
  acknowledged!: number;

  @Field(() => Int)
  recovered!: number;
}

@ObjectType('Overview', { description: 'What people look at first' })
class OverviewObject {
  @Field(() => [AttentionItemObject], { description: 'Production first, then the most pressing, then the longest' })
  attention!: readonly AttentionItemObject[];

  @Field(() => [ReleaseObject], { description: 'Releases under way, the newest first; 200 at the most' })
  inFlight!: readonly ReleaseView[];

  @Field(() => [OverviewVerdictObject], { description: 'The newest first; 20 at the most' })
  lastVerdicts!: readonly OverviewVerdict[];

  @Field(() => GuardrailCountsObject)
  guardrails!: GuardrailCountsObject;
}

@Resolver()
@RequirePermission('release.read')
export class OverviewsResolver {
  constructor(private readonly overviews: Overviews) {}

  @Query(() => OverviewObject, { complexity: 50, description: 'Of one project, or of all that the caller may see' })
  overview(
    @Context() ctx: RequestContext,
    @Args('project', { type: () => String, nullable: true, description: 'Key' }) project: string | undefined,
  ): Promise<Overview> {
    return this.overviews.overview(ctx, project ?? undefined);
  }
}
