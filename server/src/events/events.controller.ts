import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parsePageRequest } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { pageOf, pageQuery } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { acceptsStream, parseSequence } from './event-query.js';
import { EventStreams } from './event-streams.service.js';
import { EventsService } from './events.service.js';
import { isTypePattern } from './match-type.js';

const eventQuery = pageQuery.extend({
  after: z
    .string()
    .optional()
    .describe(
      'Only events behind this sequence, nextCursor of the page before; 0 when absent. Where there has been none so ' +
        'high, because a backup was restored, the page is empty and its nextCursor is the newest sequence there is',
    ),
  type: z
    .string()
    .refine(isTypePattern, 'must be a type of events, or the beginning of some and *')
    .optional()
    .describe('Only this type, or with * at the end all that begin so'),
  subject: z.string().min(1).max(200).optional().describe('Only events of this subject'),
});

const cloudEventSchema = z
  .object({
    specversion: z.literal('1.0'),
    id: z.string(),
    source: z.string(),
    type: z.string(),
    subject: z.string(),
    time: z.iso.datetime(),
    datacontenttype: z.literal('application/json'),
    data: z.record(z.string(), z.unknown()),
    sluiceproject: z.string().describe('Key of the project'),
    sluiceenvironment: z.string().optional().describe('Key of the environment, if it concerns one'),
    sluicesequence: z.string().describe('Its place in the order of commits: what "after" and Last-Event-ID take'),
  })
  .meta({ id: 'CloudEvent' });

@ApiTags('events')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/events')
export class EventsController {
  constructor(
    private readonly events: EventsService,
    private readonly streams: EventStreams,
  ) {}

  @Get()
  @RequirePermission('event.read')
  @ApiOperation({
    summary: 'Lists what has happened, oldest first; with Accept: text/event-stream goes on with what happens next',
    description:
      'Events are CloudEvents 1.0 and kept for 90 days. A stream begins behind Last-Event-ID, else behind "after", ' +
      'else with what happens from now on; the id of each of its messages is the sequence of its event.',
  })
  @ApiHeader({ name: 'last-event-id', required: false, description: 'Streams only: the last sequence received' })
  @ApiOkResponse({ standardSchema: pageOf(cloudEventSchema) })
  async list(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Query({ schema: eventQuery }) query: z.infer<typeof eventQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { type, subject } = query;
    const after = parseSequence(query.after);
    void reply.header('vary', 'Accept');
    if (request.method === 'GET' && acceptsStream(request.headers.accept)) {
      const { 'last-event-id': lastEventId } = request.headers;
      const resumed = parseSequence(Array.isArray(lastEventId) ? lastEventId[0] : lastEventId);
      return this.streams.open(reply, ctx, { project, filter: { type, subject }, after: resumed ?? after });
    }
    const { limit } = parsePageRequest({ limit: query.limit });
    await reply.send(await this.events.list(ctx, project, { limit, after: after ?? 0, type, subject }));
  }
}
