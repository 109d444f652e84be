import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type Page, parsePageRequest } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { pageOf, pageQuery } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { type ShownDelivery, WebhookDeliveries } from './webhook-deliveries.service.js';

const deliverySchema = z
  .object({
    sequence: z.int().describe('Sequence of the event'),
    event: z
      .object({ id: z.uuid(), type: z.string(), subject: z.string() })
      .nullable()
      .describe('null when the event is no longer kept'),
    status: z.enum(['waiting', 'delivered', 'failed']),
    attempts: z.int().describe('How often it was tried'),
    nextAttemptAt: z.iso.datetime().nullable().describe('Not before this; null when nothing more is tried'),
    lastStatus: z.int().nullable().describe('What the receiver answered last'),
    lastError: z.string().nullable(),
    deliveredAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'WebhookDelivery' });

const sequenceSchema = z
  .string()
  .regex(/^\d{1,15}$/u, 'must be the sequence of an event')
  .meta({ description: 'Sequence of the event' });
const isSequence = (sortKey: string): boolean => sequenceSchema.safeParse(sortKey).success;

type DeliveryResource = z.output<typeof deliverySchema>;

@ApiTags('webhooks')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/webhooks/:id/deliveries')
export class WebhookDeliveriesController {
  constructor(private readonly deliveries: WebhookDeliveries) {}

  @Get()
  @RequirePermission('webhook.read')
  @ApiOperation({ summary: 'Lists what was and is to be sent to a webhook, newest events first; 30 days are kept' })
  @ApiOkResponse({ standardSchema: pageOf(deliverySchema) })
  async list(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('id') id: string,
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<Page<DeliveryResource>> {
    const { limit, after } = parsePageRequest(query, isSequence);
    const before = after === undefined ? undefined : Number(after);
    const page = await this.deliveries.list(ctx, { project, id }, { limit, before });
    return { ...page, items: page.items.map(toResource) };
  }

  @Post(':sequence/retry')
  @HttpCode(202)
  @RequirePermission('webhook.write')
  @ApiOperation({ summary: 'Sends an event once more, whatever came of it before; its id stays the same' })
  @ApiAcceptedResponse({ standardSchema: deliverySchema })
  async retry(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('id') id: string,
    @Param('sequence', { schema: sequenceSchema }) sequence: string,
  ): Promise<DeliveryResource> {
    return toResource(await this.deliveries.retry(ctx, { project, id }, Number(sequence)));
  }
}

function toResource({ delivery, event }: ShownDelivery): DeliveryResource {
  const { eventSequence, status, attempts, nextAttemptAt, lastStatus, lastError, deliveredAt } = delivery;
  return {
    sequence: eventSequence,
    event,
    status,
    attempts,
    nextAttemptAt: status === 'waiting' ? nextAttemptAt.toISOString() : null,
    lastStatus,
    lastError,
    deliveredAt: deliveredAt?.toISOString() ?? null,
  };
}
