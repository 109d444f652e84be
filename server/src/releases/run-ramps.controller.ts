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
import type { RequestContext } from '../kernel/request-context.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { parseRampStart, parseRampStop, rampStartSchema, rampStopSchema } from './parse-run-ramp.js';
import { releaseSchema } from './release-schema.js';
import type { ReleaseView } from './release-view.js';
import { RunRamps } from './run-ramps.service.js';

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
    @Body({ schema: rampStartSchema }) body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReleaseView> {
    const { release, isNew } = await this.ramps.start(ctx, { project, environment, run }, parseRampStart(body));
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
    @Body({ schema: rampStopSchema }) body: unknown,
  ): Promise<void> {
    await this.ramps.stop(ctx, { project, environment, run }, parseRampStop(body));
  }
}
