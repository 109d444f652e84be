import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { z } from 'zod';
import type { ExpectedVersion } from '../kernel/expected-version.js';
import { isId } from '../kernel/ids.js';
import { type Page, parsePageRequest } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { IfMatch } from '../transport/if-match.decorator.js';
import { pageOf, pageQuery } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { WebhookMessages } from './webhook-messages.service.js';
import { type Webhook, webhookDraftSchema, webhookEditSchema } from './webhook.js';
import { toWebhookTest } from './webhook-test.js';
import { WebhooksService } from './webhooks.service.js';

const webhookSchema = z.object({
  id: z.uuid(),
  url: z.string(),
  description: z.string(),
  types: z.array(z.string()),
  enabled: z.boolean(),
  disabledReason: z.string().nullable().describe('Why Sluice switched it off; null when it did not'),
  previousSecretUntil: z.iso.datetime().nullable().describe('Until when the secret before a rotation signs too'),
  version: z.int(),
  createdAt: z.iso.datetime(),
});
const listed = webhookSchema.meta({ id: 'Webhook' });
const issued = webhookSchema
  .extend({ secret: z.string().nullable().describe('whsec_…, shown this once; null in a replayed answer') })
  .meta({ id: 'IssuedWebhook' });
const testSchema = z
  .object({
    delivered: z.boolean(),
    status: z.int().nullable().describe('What the receiver answered'),
    error: z.string().nullable().describe('Why there is no answer'),
  })
  .meta({ id: 'WebhookTest' });

type WebhookResource = z.output<typeof webhookSchema>;
type IssuedWebhookResource = WebhookResource & { readonly secret: string };

@ApiTags('webhooks')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/webhooks')
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly messages: WebhookMessages,
  ) {}

  @Get()
  @RequirePermission('webhook.read')
  @ApiOperation({ summary: 'Lists the webhooks of a project in order of creation' })
  @ApiOkResponse({ standardSchema: pageOf(listed) })
  async list(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<Page<WebhookResource>> {
    const page = await this.webhooks.list(ctx, project, parsePageRequest(query, isId));
    return { ...page, items: page.items.map(toResource) };
  }

  @Post()
  @RequirePermission('webhook.write')
  @ApiOperation({
    summary: 'Creates a webhook; the secret that signs its messages is in this answer and nowhere else',
    description:
      'It is sent what happens from now on: CloudEvents 1.0 as structured JSON, signed as Standard Webhooks 1.0.0 ' +
      'says, at least once. Any 2xx within 15 s is success; redirects are not followed; 410 switches it off; anything ' +
      'else is tried ten times within four days.',
  })
  @ApiCreatedResponse({ standardSchema: issued })
  async create(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Body({ schema: webhookDraftSchema }) body: unknown,
  ): Promise<IssuedWebhookResource> {
    return toIssuedResource(await this.webhooks.create(ctx, project, body));
  }

  @Get(':id')
  @RequirePermission('webhook.read')
  @ApiOperation({ summary: 'Shows a webhook' })
  @ApiOkResponse({ standardSchema: listed })
  async get(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('id') id: string,
  ): Promise<WebhookResource> {
    return toResource(await this.webhooks.get(ctx, project, id));
  }

  @Patch(':id')
  @RequirePermission('webhook.write')
  @ApiOperation({
    summary: 'Edits a webhook: fields given replace, others stay; one that is switched on goes on where it was',
  })
  @ApiOkResponse({ standardSchema: listed })
  async edit(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('id') id: string,
    @IfMatch() expected: ExpectedVersion,
    @Body({ schema: webhookEditSchema }) body: unknown,
  ): Promise<WebhookResource> {
    return toResource(await this.webhooks.edit(ctx, { project, id }, expected, body));
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('webhook.write')
  @ApiOperation({ summary: 'Deletes a webhook with all that waits for it' })
  @ApiNoContentResponse()
  async delete(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('id') id: string,
    @IfMatch() expected: ExpectedVersion,
  ): Promise<void> {
    await this.webhooks.delete(ctx, { project, id }, expected);
  }

  @Post(':id/rotate')
  @RequirePermission('webhook.write')
  @ApiOperation({ summary: 'Makes a new secret; for a day messages are signed with the old one too' })
  @ApiCreatedResponse({ standardSchema: issued })
  async rotate(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('id') id: string,
  ): Promise<IssuedWebhookResource> {
    return toIssuedResource(await this.webhooks.rotate(ctx, { project, id }));
  }

  @Post(':id/test')
  @HttpCode(200)
  @RequirePermission('webhook.write')
  @ApiOperation({ summary: 'Sends a test event now, once, and tells what the receiver said' })
  @ApiOkResponse({ standardSchema: testSchema })
  async test(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('id') id: string,
  ): Promise<z.output<typeof testSchema>> {
    return toWebhookTest(await this.messages.test(ctx, { project, id }));
  }
}

function toResource(webhook: Webhook): WebhookResource {
  const { id, url, description, types, enabled, disabledReason, previousSecretUntil, version, createdAt } = webhook;
  return {
    id,
    url,
    description,
    types: [...types],
    enabled,
    disabledReason,
    previousSecretUntil: previousSecretUntil?.toISOString() ?? null,
    version,
    createdAt: createdAt.toISOString(),
  };
}

function toIssuedResource(webhook: Webhook): IssuedWebhookResource {
  return { ...toResource(webhook), secret: webhook.secret };
}
