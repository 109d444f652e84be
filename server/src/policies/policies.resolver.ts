import { Args, Field, ID, InputType, Int, Mutation, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Project, ProjectObject } from '../projects/index.js';
import { type Connection, connectionOf, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { expectedVersionOf } from '../transport/expected-version-of.js';
import { DateTime, JsonValue } from '../transport/graphql-scalars.js';
import { type Payload, payloadOf, toPayload } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { PoliciesService } from './policies.service.js';
import type { Policy, PolicyVersion } from './policy.js';
import { PRESETS } from './presets.js';

const DOCUMENT = 'What its author wrote: PolicyDocument of the REST API once its parameters are filled in';
const PARAMETERS = 'What a release may fill in: a list of { name, default }';

@ObjectType('PolicyVersion', { description: 'A policy as it was at a version' })
class PolicyVersionObject {
  @Field(() => Int)
  version!: number;

  @Field(() => JsonValue, { description: PARAMETERS })
  parameters!: Json;

  @Field(() => JsonValue, { description: DOCUMENT })
  document!: Json;

  @Field(() => DateTime)
  createdAt!: Date;
}

@ObjectType('Policy', { description: 'How releases are ramped and judged; a release runs under one version of it' })
export class PolicyObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  key!: string;

  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  description!: string;

  @Field(() => JsonValue, { description: PARAMETERS })
  parameters!: Json;

  @Field(() => JsonValue, { description: DOCUMENT })
  document!: Json;

  @Field(() => Int, { description: 'The newest' })
  version!: number;

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => DateTime)
  updatedAt!: Date;
}

@ObjectType('PolicyPreset', { description: 'A policy that every project has from the start, by its key' })
class PolicyPresetObject {
  @Field(() => String)
  key!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  description!: string;

  @Field(() => JsonValue, { description: 'A PolicyDocument of the REST API' })
  document!: Json;
}

@InputType()
class CreatePolicyInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => JsonValue, {
    description: 'A PolicyDraft of the REST API: key, name, description, parameters, document',
  })
  document!: Json;
}

@InputType()
class EditPolicyInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => String, { description: 'Key of the policy' })
  policy!: string;

  @Field(() => Int, { nullable: true, description: 'Refused (VERSION_STALE) where the policy has another; null: any' })
  expectedVersion?: number | null;

  @Field(() => JsonValue, { description: 'A PolicyEdit of the REST API: what is left out stays' })
  document!: Json;
}

const PolicyConnection = connectionOf(PolicyObject, 'Policy');
const PolicyPayload = payloadOf(PolicyObject, 'Policy');

/** A policy as fields of it need it. */
export type PolicyNode = Policy & { readonly project: string };

@Resolver(() => ProjectObject)
export class PoliciesResolver {
  constructor(private readonly service: PoliciesService) {}

  @ResolveField(() => PolicyConnection, { nullable: true, complexity: 10, description: 'Policies in order of key' })
  @RequirePermission('policy.read')
  async policies(
    @Context() ctx: RequestContext,
    @Parent() { key }: Project,
    @Args() asked: PageArgs,
  ): Promise<Connection<PolicyNode>> {
    const page = await this.service.list(ctx, key, pageRequestOf(asked));
    return toConnection({ ...page, items: page.items.map((policy) => toNode(key, policy)) }, asked, (each) => each.key);
  }

  @ResolveField(() => PolicyObject, {
    nullable: true,
    complexity: 5,
    description: 'Null, with an error, where there is none',
  })
  @RequirePermission('policy.read')
  async policy(
    @Context() ctx: RequestContext,
    @Parent() { key: project }: Project,
    @Args('key') key: string,
  ): Promise<PolicyNode> {
    return toNode(project, await this.service.get(ctx, project, key));
  }

  @ResolveField(() => [PolicyPresetObject], { description: 'Policies that every project has from the start' })
  @RequirePermission('policy.read')
  policyPresets(): readonly object[] {
    return PRESETS;
  }

  @Mutation(() => PolicyPayload, { complexity: 20, description: 'Creates a policy' })
  @RequirePermission('policy.write')
  createPolicy(
    @Context() ctx: RequestContext,
    @Args('input') { project, document }: CreatePolicyInput,
  ): Promise<Payload<PolicyNode>> {
    return toPayload(async () => toNode(project, await this.service.create(ctx, project, document)));
  }

  @Mutation(() => PolicyPayload, {
    complexity: 20,
    description: 'Edits a policy, which makes its next version; running releases keep theirs',
  })
  @RequirePermission('policy.write')
  editPolicy(
    @Context() ctx: RequestContext,
    @Args('input') { project, policy, expectedVersion, document }: EditPolicyInput,
  ): Promise<Payload<PolicyNode>> {
    const expected = expectedVersionOf(expectedVersion);
    return toPayload(async () =>
      toNode(project, await this.service.edit(ctx, { project, policy }, expected, document)),
    );
  }
}

/** Versions of one policy. */
@Resolver(() => PolicyObject)
@RequirePermission('policy.read')
export class PolicyVersionsResolver {
  constructor(private readonly policies: PoliciesService) {}

  @ResolveField(() => [PolicyVersionObject], {
    nullable: true,
    complexity: 20,
    description: 'The newest first, 200 of them at the most',
  })
  versions(@Context() ctx: RequestContext, @Parent() { project, key }: PolicyNode): Promise<readonly PolicyVersion[]> {
    return this.policies.listVersions(ctx, { project, policy: key });
  }

  @ResolveField(() => PolicyVersionObject, {
    nullable: true,
    complexity: 5,
    description: 'Null, with an error, where there is none',
  })
  atVersion(
    @Context() ctx: RequestContext,
    @Parent() { project, key }: PolicyNode,
    @Args('version', { type: () => Int }) version: number,
  ): Promise<PolicyVersion> {
    return this.policies.getVersion(ctx, { project, policy: key }, version);
  }
}

function toNode(project: string, policy: Policy): PolicyNode {
  return { ...policy, project };
}
