import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Json } from '../kernel/json.js';
import { RESOURCE_KEY } from '../kernel/key.js';
import { parseInput } from '../kernel/parse.js';
import type { RequestContext } from '../kernel/request-context.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { releaseSchema } from './release-schema.js';
import type { ReleaseView } from './release-view.js';
import { RunRamps } from './run-ramps.service.js';

const startBody = z
  .strictObject({
    policy: z
      .string()
      .regex(RESOURCE_KEY, 'must be the key of a policy')
      .default('parallel-run')
      .describe('A policy whose steps say "sampling", or a preset'),
    arguments: z.record(z.string(), z.json()).default({}).describe('For the policy’s parameters'),
  })
  .meta({ id: 'ParallelRunStart' });
const stopBody = z.strictObject({ reason: z.string().min(1).max(1_000) }).meta({ id: 'ParallelRunStop' });

@ApiTags('parallel runs')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/environments/:environment/parallel-runs/:run')
export class RunRampsController {
  constructor(private readonly ramps: RunRamps) {}

  @Post('start')
  @RequirePermission('release.write')
  @ApiOperation({
    summary: 'Samples the run as a policy says, until it is certified or refuted',
    description:
      'Answers the release that does it: watch it, pause it and abort it as any other. Asking again while it is under ' +
      'way finds it (200).',
  })
  @ApiCreatedResponse({ standardSchema: releaseSchema })
  @ApiOkResponse({ standardSchema: releaseSchema })
  async start(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
    @Param('run') run: string,
    @Body({ schema: startBody }) body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReleaseView> {
    const { policy, arguments: given } = parseInput(startBody, body ?? {}, 'start');
    // What zod calls JSON is ours too.
    const asked = { policy, arguments: given as Readonly<Record<string, Json>> };
    const { release, isNew } = await this.ramps.start(ctx, { project, environment, run }, asked);
    if (!isNew) void reply.status(200);
    return release;
  }

  @Post('stop')
  @HttpCode(204)
  @RequirePermission('release.write')
  @ApiOperation({
    summary: 'Samples nothing any more',
    description: 'A release that samples the run is aborted, and puts back everything it moved.',
  })
  @ApiNoContentResponse()
  async stop(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
    @Param('run') run: string,
    @Body({ schema: stopBody }) body: unknown,
  ): Promise<void> {
    const { reason } = parseInput(stopBody, body, 'stop');
    await this.ramps.stop(ctx, { project, environment, run }, reason);
  }
}
