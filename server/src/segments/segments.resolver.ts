import { Args, ArgsType, Field, ID, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Project, ProjectObject } from '../projects/index.js';
import { type Connection, connectionOf, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { DateTime, JsonValue } from '../transport/graphql-scalars.js';
import { payloadOf } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { Segment } from './segment.js';
import { SegmentsService } from './segments.service.js';

@ObjectType('Segment', { description: 'A named set of contexts that flags of a project share' })
class SegmentObject {
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

  @Field(() => [String], { description: 'Targeting keys that belong, whatever else is said: up to 100 000' })
  included!: string[];

  @Field(() => [String], { description: 'Targeting keys that do not belong, unless included: up to 100 000' })
  excluded!: string[];

  @Field(() => Int)
  includedCount!: number;

  @Field(() => Int)
  excludedCount!: number;

  @Field(() => Int)
  ruleCount!: number;

  @Field(() => JsonValue, { description: 'A list of { clauses }, as Segment of OpenAPI has it: any that matches' })
  rules!: Json;

  @Field(() => Int)
  version!: number;

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => DateTime)
  updatedAt!: Date;
}

const SegmentConnection = connectionOf(SegmentObject, 'Segment');
export const SegmentPayload = payloadOf(SegmentObject, 'Segment');

/** What a list of segments is narrowed to. */
@ArgsType()
class SegmentArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Part of a key or name, in any case' })
  search?: string | null;
}

/** A segment as fields of it need it. */
export type SegmentNode = Segment & { readonly project: string };

@Resolver(() => ProjectObject)
@RequirePermission('segment.read')
export class SegmentsResolver {
  constructor(private readonly service: SegmentsService) {}

  @ResolveField(() => SegmentConnection, { nullable: true, complexity: 10, description: 'Segments in order of key' })
  async segments(
    @Context() ctx: RequestContext,
    @Parent() { key: project }: Project,
    @Args() { search, ...asked }: SegmentArgs,
  ): Promise<Connection<SegmentNode>> {
    const page = await this.service.list(ctx, project, pageRequestOf(asked), { search: search ?? undefined });
    const items = page.items.map((segment) => toSegmentNode(project, segment));
    return toConnection({ ...page, items }, asked, ({ key }) => key);
  }

  @ResolveField(() => SegmentObject, {
    nullable: true,
    complexity: 10,
    description: 'Null, with an error, where there is none',
  })
  async segment(
    @Context() ctx: RequestContext,
    @Parent() { key: project }: Project,
    @Args('key') key: string,
  ): Promise<SegmentNode> {
    return toSegmentNode(project, await this.service.get(ctx, project, key));
  }
}

@Resolver(() => SegmentObject)
@RequirePermission('segment.read')
export class SegmentUsesResolver {
  constructor(private readonly service: SegmentsService) {}

  @ResolveField(() => [String], {
    complexity: 50,
    description: 'What names it, such as flag/new-cart in production or segment/staff; while any does, it stays',
  })
  usedBy(@Context() ctx: RequestContext, @Parent() { project, key }: SegmentNode): Promise<readonly string[]> {
    return this.service.usesOf(ctx, { project, segment: key });
  }
}

/** A segment as its fields are read. */
export function toSegmentNode(project: string, segment: Segment): SegmentNode {
  const { included, excluded, rules } = segment;
  const counts = { includedCount: included.length, excludedCount: excluded.length, ruleCount: rules.length };
  return { ...segment, ...counts, project };
}
