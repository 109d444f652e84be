import { Args, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { JsonValue } from '../transport/graphql-scalars.js';
import { type Payload, payloadOf, toPayload } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { Webhook } from './webhook.js';
import { WebhookMessages } from './webhook-messages.service.js';
import { toWebhookTest, type WebhookTest } from './webhook-test.js';
import { toWebhookNode, WebhookObject } from './webhooks.resolver.js';
import { WebhooksService } from './webhooks.service.js';

@ObjectType('IssuedWebhook', { description: 'A webhook with the secret that signs its messages, shown this once' })
class IssuedWebhookObject {
  @Field(() => WebhookObject)
  webhook!: WebhookObject;

  @Field(() => String, { description: 'whsec_…' })
  secret!: string;
}

@ObjectType('WebhookTest', { description: 'What came of a test event' })
class WebhookTestObject implements WebhookTest {
  @Field(() => Boolean)
  delivered!: boolean;

  @Field(() => Int, { nullable: true, description: 'HTTP status that the receiver answered' })
  status!: number | null;

  @Field(() => String, { nullable: true, description: 'Why there is no answer' })
  error!: string | null;
}

const WebhookPayload = payloadOf(WebhookObject, 'Webhook');
const IssuedWebhookPayload = payloadOf(IssuedWebhookObject, 'IssuedWebhook');
const WebhookTestPayload = payloadOf(WebhookTestObject, 'WebhookTest');

@InputType()
class CreateWebhookInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => JsonValue, { description: 'WebhookDraft of the OpenAPI document' })
  document!: Json;
}

@InputType({ isAbstract: true })
abstract class PlacedWebhookInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => ID, { description: 'id of the webhook' })
  webhook!: string;
}

@InputType()
class EditWebhookInput extends PlacedWebhookInput {
  @Field(() => Int, { description: 'Refused (VERSION_STALE) where it has another' })
  expectedVersion!: number;

  @Field(() => JsonValue, { description: 'WebhookEdit of the OpenAPI document: fields given replace, others stay' })
  document!: Json;
}

@InputType()
class DeleteWebhookInput extends PlacedWebhookInput {
  @Field(() => Int, { description: 'Refused (VERSION_STALE) where it has another' })
  expectedVersion!: number;
}

@InputType()
class RotateWebhookInput extends PlacedWebhookInput {}

@InputType()
class TestWebhookInput extends PlacedWebhookInput {}

@Resolver()
@RequirePermission('webhook.write')
export class WebhookCommandsResolver {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly messages: WebhookMessages,
  ) {}

  @Mutation(() => IssuedWebhookPayload, {
    complexity: 10,
    description: 'Creates a webhook, which is told of what happens from now on',
  })
  createWebhook(
    @Context() ctx: RequestContext,
    @Args('input') { project, document }: CreateWebhookInput,
  ): Promise<Payload<IssuedWebhookObject>> {
    return toPayload(async () => toIssued(await this.webhooks.create(ctx, project, document)));
  }

  @Mutation(() => WebhookPayload, {
    complexity: 10,
    description: 'Edits a webhook; one that is switched on goes on where it was',
  })
  editWebhook(
    @Context() ctx: RequestContext,
    @Args('input') { project, webhook: id, expectedVersion: version, document }: EditWebhookInput,
  ): Promise<Payload<WebhookObject>> {
    const expected = { kind: 'version', version } as const;
    return toPayload(async () => toWebhookNode(await this.webhooks.edit(ctx, { project, id }, expected, document)));
  }

  @Mutation(() => WebhookPayload, {
    complexity: 10,
    description: 'Deletes a webhook with all that waits for it, and answers it as it was',
  })
  deleteWebhook(
    @Context() ctx: RequestContext,
    @Args('input') { project, webhook: id, expectedVersion: version }: DeleteWebhookInput,
  ): Promise<Payload<WebhookObject>> {
    const expected = { kind: 'version', version } as const;
    return toPayload(async () => toWebhookNode(await this.webhooks.delete(ctx, { project, id }, expected)));
  }

  @Mutation(() => IssuedWebhookPayload, {
    complexity: 10,
    description: 'Makes a new secret; for a day messages are signed with the old one too',
  })
  rotateWebhook(
    @Context() ctx: RequestContext,
    @Args('input') { project, webhook: id }: RotateWebhookInput,
  ): Promise<Payload<IssuedWebhookObject>> {
    return toPayload(async () => toIssued(await this.webhooks.rotate(ctx, { project, id })));
  }

  @Mutation(() => WebhookTestPayload, {
    complexity: 20,
    description: 'Sends a test event now, once, and tells what the receiver said',
  })
  testWebhook(
    @Context() ctx: RequestContext,
    @Args('input') { project, webhook: id }: TestWebhookInput,
  ): Promise<Payload<WebhookTest>> {
    return toPayload(async () => toWebhookTest(await this.messages.test(ctx, { project, id })));
  }
}

function toIssued(webhook: Webhook): IssuedWebhookObject {
  return { webhook: toWebhookNode(webhook), secret: webhook.secret };
}
