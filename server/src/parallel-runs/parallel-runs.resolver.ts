import { Args, Field, Float, ID, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../kernel/request-context.js';
import { type Project, ProjectObject } from '../projects/index.js';
import { type Connection, connectionOf, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { DateTime, enumOf } from '../transport/graphql-scalars.js';
import { payloadOf } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { Assessment } from './assessment.js';
import { ParallelRunsService } from './parallel-runs.service.js';
import type { ParallelRunWithStandings } from './run-overviews.service.js';

export const FindingWord = enumOf<Assessment['finding']>(['certified', 'refuted', 'undecided'], {
  name: 'ParallelRunFinding',
  description: 'Whether a candidate is equivalent, is known not to be, or neither is known yet',
});

@ObjectType({ isAbstract: true })
export abstract class VersionPairFields {
  @Field(() => String)
  candidate!: string;

  @Field(() => String, { description: 'Empty where services do not tell' })
  controlVersion!: string;

  @Field(() => String)
  candidateVersion!: string;
}

@ObjectType('ParallelRunCandidateOverview')
class CandidateOverviewObject extends VersionPairFields {
  @Field(() => FindingWord, { description: 'What was found and stands' })
  finding!: Assessment['finding'];

  @Field(() => Float, { description: 'Distinct inputs compared' })
  n!: number;

  @Field(() => Float, { description: 'Those that came out unequal' })
  x!: number;
}

@ObjectType('ParallelRunOverview', { description: 'How a run stands in an environment, in short' })
class OverviewObject {
  @Field(() => String, { description: 'Key of the environment' })
  environment!: string;

  @Field(() => Int, { description: 'Of the calls that are sampled: thousandths of a percent' })
  share!: number;

  @Field(() => Int, { description: 'Evidence begins anew with every epoch' })
  epoch!: number;

  @Field(() => [CandidateOverviewObject], {
    description: 'Of every candidate, each pair of versions that services run; the newest last',
  })
  candidates!: CandidateOverviewObject[];
}

@ObjectType('ParallelRun', {
  description: 'New code beside the old in the services of a project, and what of it is compared',
})
export class ParallelRunObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  key!: string;

  @Field(() => String, { description: 'Key of its project' })
  project!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  description!: string;

  @Field(() => String, { nullable: true })
  owner!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'By when it is to have been decided, and the losing code removed',
  })
  dueAt!: Date | null;

  @Field(() => Int)
  version!: number;

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => DateTime)
  updatedAt!: Date;

  @Field(() => [OverviewObject], { description: 'How it stands in every environment: no slower in lists' })
  environments!: OverviewObject[];
}

const ParallelRunConnection = connectionOf(ParallelRunObject, 'ParallelRun');
export const ParallelRunPayload = payloadOf(ParallelRunObject, 'ParallelRun');

/** A run as fields of it need it. */
export type ParallelRunNode = Omit<ParallelRunWithStandings, 'environments'> & {
  readonly project: string;
  readonly environments: readonly object[];
};

@Resolver(() => ProjectObject)
@RequirePermission('parallelRun.read')
export class ParallelRunsResolver {
  constructor(private readonly runs: ParallelRunsService) {}

  @ResolveField(() => ParallelRunConnection, { complexity: 10, description: 'Parallel runs in order of key' })
  async parallelRuns(
    @Context() ctx: RequestContext,
    @Parent() { key }: Project,
    @Args() asked: PageArgs,
  ): Promise<Connection<ParallelRunNode>> {
    const page = await this.runs.list(ctx, key, pageRequestOf(asked));
    return toConnection({ ...page, items: page.items.map((run) => toRunNode(key, run)) }, asked, (run) => run.key);
  }

  @ResolveField(() => ParallelRunObject, {
    nullable: true,
    complexity: 10,
    description: 'Null, with an error, where there is none',
  })
  async parallelRun(
    @Context() ctx: RequestContext,
    @Parent() project: Project,
    @Args('key') key: string,
  ): Promise<ParallelRunNode> {
    return toRunNode(project.key, await this.runs.get(ctx, { project: project.key, run: key }));
  }
}

/** A run as its fields are read. */
export function toRunNode(project: string, { environments, ...run }: ParallelRunWithStandings): ParallelRunNode {
  return {
    ...run,
    project,
    environments: Object.entries(environments).map(([environment, overview]) => ({ environment, ...overview })),
  };
}
