import { Args, Field, ID, InputType, Int, Mutation, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../kernel/request-context.js';
import { type Connection, connectionOf, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { DateTime, enumOf } from '../transport/graphql-scalars.js';
import { type Payload, payloadOf, toPayload } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { DeliveryStatus } from './webhook.js';
import { type ShownDelivery, WebhookDeliveries } from './webhook-deliveries.service.js';
import { WebhookObject } from './webhooks.resolver.js';

const StatusWord = enumOf<DeliveryStatus>(['waiting', 'delivered', 'failed'], {
  name: 'WebhookDeliveryStatus',
  description: 'What has become of an event on its way to a webhook',
});

@ObjectType('WebhookDeliveryEvent')
class DeliveredEventObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  type!: string;

  @Field(() => String)
  subject!: string;
}

@ObjectType('WebhookDelivery', { description: 'One event on its way to one webhook' })
class DeliveryObject {
  @Field(() => String, { description: 'Sequence of the event: a decimal number' })
  sequence!: string;

  @Field(() => DeliveredEventObject, { nullable: true, description: 'Null when the event is no longer kept' })
  event!: DeliveredEventObject | null;

  @Field(() => StatusWord)
  status!: DeliveryStatus;

  @Field(() => Int, { description: 'Attempts that have ended' })
  attempts!: number;

  @Field(() => DateTime, { nullable: true, description: 'Not before this; null when nothing more is tried' })
  nextAttemptAt!: Date | null;

  @Field(() => Int, { nullable: true, description: 'HTTP status that the receiver answered last' })
  lastStatus!: number | null;

  @Field(() => String, { nullable: true, description: 'Why the last attempt failed' })
  lastError!: string | null;

  @Field(() => DateTime, { nullable: true })
  deliveredAt!: Date | null;
}

const DeliveryConnection = connectionOf(DeliveryObject, 'WebhookDelivery');
const DeliveryPayload = payloadOf(DeliveryObject, 'WebhookDelivery');

@InputType()
class RedeliverWebhookInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => ID, { description: 'id of the webhook' })
  webhook!: string;

  @Field(() => String, { description: 'Sequence of the event' })
  sequence!: string;
}

const isSequence = (sortKey: string): boolean => /^\d{1,15}$/u.test(sortKey);

@Resolver(() => WebhookObject)
export class WebhookDeliveriesResolver {
  constructor(private readonly all: WebhookDeliveries) {}

  @ResolveField(() => DeliveryConnection, {
    nullable: true,
    complexity: 10,
    description: 'What was and is to be sent to it, newest events first; 30 days are kept',
  })
  @RequirePermission('webhook.read')
  async deliveries(
    @Context() ctx: RequestContext,
    @Parent() { project, id }: WebhookObject,
    @Args() asked: PageArgs,
  ): Promise<Connection<DeliveryObject>> {
    const { limit, after } = pageRequestOf(asked, isSequence);
    const before = after === undefined ? undefined : Number(after);
    const page = await this.all.list(ctx, { project, id }, { limit, before });
    return toConnection({ ...page, items: page.items.map(toNode) }, asked, ({ sequence }) => sequence);
  }

  @Mutation(() => DeliveryPayload, {
    complexity: 10,
    description: 'Sends an event once more, whatever came of it before; its id stays the same',
  })
  @RequirePermission('webhook.write')
  redeliverWebhook(
    @Context() ctx: RequestContext,
    @Args('input') { project, webhook: id, sequence }: RedeliverWebhookInput,
  ): Promise<Payload<DeliveryObject>> {
    // No event has a sequence below 1.
    const number = isSequence(sequence) ? Number(sequence) : 0;
    return toPayload(async () => toNode(await this.all.retry(ctx, { project, id }, number)));
  }
}

function toNode({ delivery, event }: ShownDelivery): DeliveryObject {
  const { eventSequence, status, attempts, nextAttemptAt, lastStatus, lastError, deliveredAt } = delivery;
  return {
    sequence: String(eventSequence),
    event,
    status,
    attempts,
    nextAttemptAt: status === 'waiting' ? nextAttemptAt : null,
    lastStatus,
    lastError,
    deliveredAt,
  };
}
