import { Args, Field, ID, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { isId } from '../kernel/ids.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Project, ProjectObject } from '../projects/index.js';
import { type Connection, connectionOf, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { DateTime } from '../transport/graphql-scalars.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { Webhook } from './webhook.js';
import { WebhooksService } from './webhooks.service.js';

@ObjectType('Webhook', { description: 'Somebody outside who is told what happens in a project' })
export class WebhookObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'Key of its project' })
  project!: string;

  @Field(() => String)
  url!: string;

  @Field(() => String)
  description!: string;

  @Field(() => [String], { description: 'Types of events it is told of, * at an end allowed; none: all' })
  types!: readonly string[];

  @Field(() => Boolean, { description: 'Off, nothing is queued or sent; on again, it goes on where it was' })
  enabled!: boolean;

  @Field(() => String, { nullable: true, description: 'Why Sluice switched it off; null when it did not' })
  disabledReason!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Until when the secret before a rotation signs too' })
  previousSecretUntil!: Date | null;

  @Field(() => Int)
  version!: number;

  @Field(() => DateTime)
  createdAt!: Date;
}

const WebhookConnection = connectionOf(WebhookObject, 'Webhook');

@Resolver(() => ProjectObject)
@RequirePermission('webhook.read')
export class WebhooksResolver {
  constructor(private readonly all: WebhooksService) {}

  @ResolveField(() => WebhookConnection, { nullable: true, complexity: 5, description: 'In order of creation' })
  async webhooks(
    @Context() ctx: RequestContext,
    @Parent() { key }: Project,
    @Args() asked: PageArgs,
  ): Promise<Connection<WebhookObject>> {
    const page = await this.all.list(ctx, key, pageRequestOf(asked, isId));
    return toConnection({ ...page, items: page.items.map(toWebhookNode) }, asked, ({ id }) => id);
  }

  @ResolveField(() => WebhookObject, {
    nullable: true,
    complexity: 5,
    description: 'Null, with an error, where there is none',
  })
  async webhook(
    @Context() ctx: RequestContext,
    @Parent() { key }: Project,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<WebhookObject> {
    return toWebhookNode(await this.all.get(ctx, key, id));
  }
}

/** Without the secrets. */
export function toWebhookNode(webhook: Webhook): WebhookObject {
  const { id, projectKey: project, url, description, types, enabled, disabledReason } = webhook;
  const { previousSecretUntil, version, createdAt } = webhook;
  return { id, project, url, description, types, enabled, disabledReason, previousSecretUntil, version, createdAt };
}
