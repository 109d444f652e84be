import {
  Args,
  ArgsType,
  Field,
  Float,
  ID,
  Int,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import DataLoader from 'dataloader';
import { ActorNames } from '../auth/index.js';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type PolicyNode, PolicyObject } from '../policies/index.js';
import { AbilityObject } from '../transport/ability.js';
import { type Connection, connectionOf, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { DateTime, enumOf, JsonValue } from '../transport/graphql-scalars.js';
import { payloadOf } from '../transport/mutation-payload.js';
import { PerRequest } from '../transport/per-request.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { ATTENTION_KINDS, type AttentionKind } from './rank-attention.js';
import { RELEASE_STATUSES, type ReleaseStatus } from './release-machine.js';
import { ReleaseStandings } from './release-standings.service.js';
import type { ReleaseView, RolloutView } from './release-view.js';
import { ReleasesReader } from './releases-reader.service.js';

const StatusWord = enumOf<ReleaseStatus>(RELEASE_STATUSES, {
  name: 'ReleaseStatus',
  description: 'How a release stands',
});

export const AttentionWord = enumOf<AttentionKind>(ATTENTION_KINDS, {
  name: 'AttentionKind',
  description: 'Why somebody is asked for',
});

const RolloutStatusWord = enumOf<RolloutView['status']>(
  ['running', 'released', 'rolledBack', 'aborted', 'superseded'],
  { name: 'RolloutStatus', description: 'How an attempt stands' },
);

const PhaseWord = enumOf<RolloutView['phase']>(['reaching', 'watching', 'baking'], {
  name: 'RolloutPhase',
  description: 'reaching: the share is on its way; watching: the step’s clock runs; baking: everybody has it',
});

export const StateWord = enumOf<NonNullable<RolloutView['verdict']>>(
  ['pass', 'fail', 'inconclusive', 'pending', 'error'],
  { name: 'MetricState', description: 'error: could not be measured; inconclusive: says nothing; pending: not yet' },
);

const FitsWord = enumOf<NonNullable<RolloutView['traffic'][number]['fits']>>(['matches', 'differs', 'tooFew'], {
  name: 'TrafficFit',
  description: 'Whether what was asked for and what was counted fit, by more than chance',
});

@ObjectType('ReleaseReason', { description: 'Why a release is where it is' })
export class ReleaseReasonObject {
  @Field(() => String)
  code!: string;

  @Field(() => String)
  sentence!: string;

  @Field(() => DateTime, { nullable: true, description: 'When it is looked at again or ends by itself' })
  until?: string | undefined;
}

@ObjectType('ReleaseApproval', { description: 'A person’s leave to start, or to go on from a step' })
class ApprovalObject {
  @Field(() => String)
  actorId!: string;

  @Field(() => String)
  actorName!: string;

  @Field(() => String)
  comment!: string;

  @Field(() => DateTime)
  at!: Date | string;
}

@ObjectType('ReleasePause')
class PauseObject {
  @Field(() => String)
  by!: string;

  @Field(() => String)
  reason!: string;

  @Field(() => DateTime)
  at!: string;
}

@ObjectType('RoutedTraffic', { description: 'A service’s traffic as a router that is no SDK counted it' })
class RoutedTrafficObject {
  @Field(() => String)
  service!: string;

  @Field(() => Int, { nullable: true, description: 'Thousandths of a percent that the router confirmed' })
  asked!: number | null;

  @Field(() => Int, { nullable: true, description: 'Thousandths of a percent of the requests that the candidate got' })
  actual!: number | null;

  @Field(() => Float, { description: 'Since the router was told' })
  requests!: number;

  @Field(() => FitsWord, { nullable: true })
  fits!: RolloutView['traffic'][number]['fits'];
}

@ObjectType('Rollout', { description: 'The ramp of a release’s newest attempt' })
class RolloutObject {
  @Field(() => ID)
  id!: string;

  @Field(() => Int)
  attempt!: number;

  @Field(() => RolloutStatusWord)
  status!: RolloutView['status'];

  @Field(() => Int, { description: 'From 0' })
  stepIndex!: number;

  @Field(() => Int, { description: 'How many there are' })
  steps!: number;

  @Field(() => Int, { description: 'Asked for: thousandths of a percent' })
  share!: number;

  @Field(() => PhaseWord)
  phase!: RolloutView['phase'];

  @Field(() => Int, { description: 'The environment’s revision that carries the share' })
  revision!: number;

  @Field(() => DateTime, { description: 'When the share was asked for' })
  askedAt!: string;

  @Field(() => DateTime, { nullable: true, description: 'When the phase’s clock began; null while reaching' })
  since!: string | null;

  @Field(() => ReleaseReasonObject)
  reason!: RolloutView['reason'];

  @Field(() => PauseObject, { nullable: true })
  paused!: RolloutView['paused'];

  @Field(() => [ApprovalObject], { description: 'To go on from the step it is at' })
  approvals!: RolloutView['approvals'];

  @Field(() => DateTime, { nullable: true, description: 'Since when something could not be asked' })
  outageSince!: string | null;

  @Field(() => [RoutedTrafficObject], { description: 'The real share, as routers counted it at the last look' })
  traffic!: RolloutView['traffic'];

  @Field(() => StateWord, { nullable: true, description: 'Of the last look; null before the first' })
  verdict!: RolloutView['verdict'];

  @Field(() => DateTime)
  startedAt!: Date;

  @Field(() => DateTime, { nullable: true })
  finishedAt!: Date | null;
}

@ObjectType('Release', { description: 'A set of changes that go live together under a policy, and go back together' })
export class ReleaseObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => String, { description: 'Key of the environment' })
  environment!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  description!: string;

  @Field(() => StatusWord)
  status!: ReleaseStatus;

  @Field(() => ReleaseReasonObject)
  reason!: ReleaseView['reason'];

  @Field(() => JsonValue, { description: 'What it changes: a list of ReleaseChange of the REST API' })
  changes!: Json;

  @Field(() => String, { description: 'Key of the policy' })
  policyKey!: string;

  @Field(() => Int, { description: '0 for a preset' })
  policyVersion!: number;

  @Field(() => JsonValue, {
    description: 'As it was at that version, arguments filled in: PolicyDocument of the REST API',
  })
  policy!: Json;

  @Field(() => String, { description: 'Digest of changes and policy, SHA-256: what approvals are bound to' })
  contentHash!: string;

  @Field(() => ID, { description: 'Who asked for it' })
  createdBy!: string;

  @Field(() => Int, { description: '0 before the first' })
  attempt!: number;

  @Field(() => DateTime, { nullable: true })
  scheduledAt!: Date | null;

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true })
  startedAt!: Date | null;

  @Field(() => DateTime, { nullable: true })
  finishedAt!: Date | null;

  @Field(() => ID, { nullable: true, description: 'The newer release that took its place' })
  supersededBy!: string | null;

  @Field(() => [ID], { description: 'Releases that ramped here at the same time: what is measured may be theirs' })
  confoundedBy!: readonly string[];

  @Field(() => [ApprovalObject], { description: 'To start, of what it says now' })
  approvals!: ReleaseView['approvals'];

  @Field(() => RolloutObject, { nullable: true, description: 'Null before the first attempt' })
  rollout!: RolloutView | null;

  @Field(() => Int)
  version!: number;
}

const ReleaseConnection = connectionOf(ReleaseObject, 'Release');
export const ReleasePayload = payloadOf(ReleaseObject, 'Release');

/** What a list of releases is narrowed to. */
@ArgsType()
class ReleasesArgs extends PageArgs {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => String, { nullable: true, description: 'Key of an environment' })
  environment?: string | null;

  @Field(() => [StatusWord], { nullable: true, description: 'Any of these' })
  status?: ReleaseStatus[] | null;

  @Field(() => String, { nullable: true, description: 'Key of a service whose version it releases' })
  service?: string | null;

  @Field(() => String, { nullable: true, description: 'Key of a flag that it changes' })
  flag?: string | null;

  @Field(() => String, { nullable: true, description: 'Key of a parallel run that it samples' })
  parallelRun?: string | null;

  @Field(() => String, { nullable: true, description: 'Key of its policy' })
  policy?: string | null;

  @Field(() => String, { nullable: true, description: 'Part of the name or the description, or the id' })
  search?: string | null;
}

@Resolver(() => ReleaseObject)
@RequirePermission('release.read')
export class ReleasesResolver {
  /** Of all releases of a request at once. */
  private readonly names = new PerRequest(
    () => new DataLoader<string, string | null>((ids) => this.actors.ofEach(ids)),
  );

  constructor(
    private readonly reader: ReleasesReader,
    private readonly standings: ReleaseStandings,
    private readonly actors: ActorNames,
  ) {}

  @Query(() => ReleaseConnection, { complexity: 10, description: 'The releases of a project, the newest first' })
  async releases(@Context() ctx: RequestContext, @Args() asked: ReleasesArgs): Promise<Connection<ReleaseView>> {
    const { project, status } = asked;
    const page = await this.reader.list(ctx, pageRequestOf(asked), {
      project,
      statuses: status ?? undefined,
      environment: asked.environment ?? undefined,
      service: asked.service ?? undefined,
      flag: asked.flag ?? undefined,
      parallelRun: asked.parallelRun ?? undefined,
      policy: asked.policy ?? undefined,
      search: asked.search ?? undefined,
    });
    return toConnection(page, asked, ({ id }) => id);
  }

  @Query(() => ReleaseObject, {
    nullable: true,
    complexity: 5,
    description: 'Null, with an error, where there is none',
  })
  release(@Context() ctx: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<ReleaseView> {
    return this.reader.get(ctx, id);
  }

  @ResolveField(() => String, { description: 'How it stands, in one sentence, as of now' })
  sentence(@Parent() release: ReleaseView): string {
    return this.standings.sentence(release);
  }

  @ResolveField(() => DateTime, {
    nullable: true,
    description: 'Since when it is where it is: at its step while under way, else at its end; null before the start',
  })
  stepSince(@Parent() { rollout, finishedAt }: ReleaseView): Date | string | null {
    return finishedAt ?? rollout?.since ?? rollout?.askedAt ?? null;
  }

  @ResolveField(() => AttentionWord, {
    nullable: true,
    description: 'Why it asks for somebody; null where it goes its ordinary course',
  })
  attention(@Parent() release: ReleaseView): AttentionKind | null {
    return this.standings.attention(release);
  }

  @ResolveField(() => String, {
    nullable: true,
    complexity: 2,
    description: 'What who asked for it is called now; null where they are gone',
  })
  createdByName(@Context() ctx: RequestContext, @Parent() { createdBy }: ReleaseView): Promise<string | null> {
    return this.names.of(ctx).load(createdBy);
  }

  @ResolveField(() => [AbilityObject], {
    description: 'approve, start, pause, resume, advance, promote, abort and rollBack, by its state alone',
  })
  abilities(@Parent() release: ReleaseView): readonly object[] {
    return this.standings.abilities(release);
  }

  @ResolveField(() => Int, { description: 'Approvals that its policy asks for to start' })
  approvalsToStart(@Parent() { policy }: ReleaseView): number {
    return policy.approvalsToStart;
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'Path of REST at which all that the newest attempt was judged by is downloaded; null before it',
  })
  verdictPath(@Parent() { id, attempt }: ReleaseView): string | null {
    return attempt === 0 ? null : `/api/v1/releases/${id}/verdict`;
  }
}

/** What policies are used by. */
@Resolver(() => PolicyObject)
@RequirePermission('release.read')
export class PolicyReleasesResolver {
  constructor(private readonly reader: ReleasesReader) {}

  @ResolveField(() => ReleaseConnection, {
    nullable: true,
    complexity: 20,
    description: 'The releases that ran, run or wait under it, at whatever version; the newest first',
  })
  async releases(
    @Context() ctx: RequestContext,
    @Parent() { project, key: policy }: PolicyNode,
    @Args() asked: PageArgs,
  ): Promise<Connection<ReleaseView>> {
    const page = await this.reader.list(ctx, pageRequestOf(asked), { project, policy });
    return toConnection(page, asked, ({ id }) => id);
  }
}
