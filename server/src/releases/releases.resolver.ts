import { Args, ArgsType, Field, ID, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';
import { ActorNames } from '../auth/index.js';
import { isId } from '../kernel/ids.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type PolicyNode, PolicyObject } from '../policies/index.js';
import { AbilityObject } from '../transport/ability.js';
import { type Connection, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { DateTime } from '../transport/graphql-scalars.js';
import { PerRequest } from '../transport/per-request.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { AttentionKind } from './rank-attention.js';
import type { ReleaseStatus } from './release-machine.js';
import { AttentionWord, ReleaseConnection, ReleaseObject, StatusWord } from './release-objects.resolver.js';
import { ReleaseStandings } from './release-standings.service.js';
import type { ReleaseView } from './release-view.js';
import { ReleasesReader } from './releases-reader.service.js';

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
    const page = await this.reader.list(ctx, pageRequestOf(asked, isId), {
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
    const page = await this.reader.list(ctx, pageRequestOf(asked, isId), { project, policy });
    return toConnection(page, asked, ({ id }) => id);
  }
}
