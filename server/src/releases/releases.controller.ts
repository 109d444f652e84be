import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { VerdictBundle } from '../rollouts/index.js';
import { isId } from '../kernel/ids.js';
import { type Page, parsePageRequest } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { pageOf, pageQuery } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import {
  commentBody,
  parseApproval,
  parsePromotion,
  parseReason,
  parseStart,
  promoteBody,
  reasonBody,
  startBody,
} from './parse-command.js';
import { releaseDraftSchema } from './parse-release.js';
import { ReleaseCommands } from './release-commands.service.js';
import { RELEASE_STATUSES } from './release-machine.js';
import { releaseSchema, verdictBundleSchema } from './release-schema.js';
import { ReleaseVerdicts } from './release-verdicts.service.js';
import type { ReleaseView } from './release-view.js';
import { ReleasesReader } from './releases-reader.service.js';
import { ReleasesService } from './releases.service.js';

const MAX_WAIT_MS = 60_000;
/** What the store counts with. */
const MAX_ATTEMPT = 2_147_483_647;

const listQuery = pageQuery.extend({
  project: z.string().describe('Key of the project'),
  environment: z.string().optional(),
  status: z
    .union([z.enum(RELEASE_STATUSES), z.array(z.enum(RELEASE_STATUSES))])
    .optional()
    .describe('May be repeated: any of these'),
  service: z.string().max(200).optional().describe('Key of a service whose version it releases'),
  flag: z.string().max(200).optional().describe('Key of a flag that it changes'),
  parallelRun: z.string().max(200).optional().describe('Key of a parallel run that it samples'),
  policy: z.string().max(200).optional().describe('Key of its policy'),
  search: z.string().min(1).max(200).optional().describe('Part of the name or the description, or the id'),
});
const waitQuery = z.object({
  timeoutMs: z.coerce.number().int().min(0).max(MAX_WAIT_MS).default(30_000).describe(`At most ${MAX_WAIT_MS}`),
});
const verdictQuery = z.object({
  attempt: z.coerce.number().int().min(1).max(MAX_ATTEMPT).optional().describe('The newest unless said'),
});
@ApiTags('releases')
@ApiBearerAuth()
@Controller('api/v1/releases')
export class ReleasesController {
  constructor(
    private readonly releases: ReleasesService,
    private readonly reader: ReleasesReader,
    private readonly commands: ReleaseCommands,
    private readonly verdicts: ReleaseVerdicts,
  ) {}

  @Get()
  @RequirePermission('release.read')
  @ApiOperation({ summary: 'Lists the releases of a project, the newest first' })
  @ApiOkResponse({ standardSchema: pageOf(releaseSchema) })
  list(
    @Context() ctx: RequestContext,
    @Query({ schema: listQuery }) query: z.infer<typeof listQuery>,
  ): Promise<Page<ReleaseView>> {
    const { limit, after, status, ...filter } = query;
    const statuses = status === undefined ? undefined : [status].flat();
    return this.reader.list(ctx, parsePageRequest({ limit, after }, isId), { ...filter, statuses });
  }

  @Post()
  @RequirePermission('release.write')
  @ApiOperation({
    summary: 'Creates a release; with "start" it begins at once',
    description:
      'The same builds in the same environment are one release: asking again finds it (200). Without a build, the same ' +
      'changes under the same version of the same policy, scheduled for the same time, are one release while it is ' +
      'open. Builds that were rolled back there are refused (409 DIGEST_REJECTED) with the verdict, unless ' +
      '"overrideRejection" says why.',
  })
  @ApiCreatedResponse({ standardSchema: releaseSchema })
  @ApiOkResponse({ standardSchema: releaseSchema })
  async create(
    @Context() ctx: RequestContext,
    @Body({ schema: releaseDraftSchema }) body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReleaseView> {
    const { release, isNew } = await this.releases.create(ctx, body);
    void reply.status(isNew ? 201 : 200);
    return release;
  }

  @Get(':release')
  @RequirePermission('release.read')
  @ApiOperation({ summary: 'Shows a release and its present attempt' })
  @ApiOkResponse({ standardSchema: releaseSchema })
  get(@Context() ctx: RequestContext, @Param('release') release: string): Promise<ReleaseView> {
    return this.reader.get(ctx, release);
  }

  @Get(':release/wait')
  @RequirePermission('release.read')
  @ApiOperation({ summary: 'Answers once nothing more happens to a release by itself, or when the time is up' })
  @ApiOkResponse({ standardSchema: releaseSchema })
  wait(
    @Context() ctx: RequestContext,
    @Param('release') release: string,
    @Query({ schema: waitQuery }) { timeoutMs }: z.infer<typeof waitQuery>,
  ): Promise<ReleaseView> {
    return this.reader.wait(ctx, release, { timeoutMs: Number(timeoutMs) });
  }

  @Get(':release/verdict')
  @RequirePermission('release.read')
  @ApiOperation({
    summary: 'Hands out all that an attempt was judged by',
    description: '`sluice verify` judges it again, offline, and says whether it comes to the same.',
  })
  @ApiOkResponse({ standardSchema: verdictBundleSchema })
  verdict(
    @Context() ctx: RequestContext,
    @Param('release') release: string,
    @Query({ schema: verdictQuery }) { attempt }: z.infer<typeof verdictQuery>,
  ): Promise<VerdictBundle> {
    return this.verdicts.bundle(ctx, release, attempt === undefined ? undefined : Number(attempt));
  }

  @Post(':release/approve')
  @HttpCode(200)
  @RequirePermission('release.approve')
  @ApiOperation({
    summary: 'Approves the start of a release, or going on from the step it is at',
    description:
      'Two people, as far as tokens tell. Refused (403 OWN_RELEASE) for the token that asked for the release, what it ' +
      'was rotated to or from, tokens of the same "owner", and tokens that made one another, for who makes a token has ' +
      'seen its secret; and such tokens approve once (409 APPROVED_ALREADY). An admin of a project and whom they invited ' +
      'are one too, until an admin of the instance resets the password. What cannot be known: two tokens of one person ' +
      'that somebody else made and that say no owner, or another, look like two people. So let one token make ' +
      'all others, name their owners, and use it for nothing else.',
  })
  @ApiOkResponse({ standardSchema: releaseSchema })
  approve(
    @Context() ctx: RequestContext,
    @Param('release') release: string,
    @Body({ schema: commentBody }) body: unknown,
  ): Promise<ReleaseView> {
    return this.commands.approve(ctx, release, parseApproval(body).comment);
  }

  @Post(':release/start')
  @HttpCode(200)
  @RequirePermission('release.write')
  @ApiOperation({ summary: 'Starts a release, or a new attempt of one that was rolled back or aborted' })
  @ApiOkResponse({ standardSchema: releaseSchema })
  start(
    @Context() ctx: RequestContext,
    @Param('release') release: string,
    @Body({ schema: startBody }) body: unknown,
  ): Promise<ReleaseView> {
    const { overrideRejection = null } = parseStart(body);
    return this.commands.start(ctx, release, { overrideRejection });
  }

  @Post(':release/pause')
  @HttpCode(200)
  @RequirePermission('release.stop')
  @ApiOperation({ summary: 'Stops the ramp where it is; it is still judged' })
  @ApiOkResponse({ standardSchema: releaseSchema })
  pause(
    @Context() ctx: RequestContext,
    @Param('release') release: string,
    @Body({ schema: reasonBody }) body: unknown,
  ): Promise<ReleaseView> {
    return this.commands.pause(ctx, release, parseReason(body, 'pause').reason);
  }

  @Post(':release/resume')
  @HttpCode(200)
  @RequirePermission('release.write')
  @ApiOperation({ summary: 'Goes on after a pause' })
  @ApiOkResponse({ standardSchema: releaseSchema })
  resume(@Context() ctx: RequestContext, @Param('release') release: string): Promise<ReleaseView> {
    return this.commands.resume(ctx, release);
  }

  @Post(':release/promote')
  @HttpCode(200)
  @RequirePermission('release.write')
  @ApiOperation({ summary: 'Goes to the last step, or the next, without waiting for evidence' })
  @ApiOkResponse({ standardSchema: releaseSchema })
  promote(
    @Context() ctx: RequestContext,
    @Param('release') release: string,
    @Body({ schema: promoteBody }) body: unknown,
  ): Promise<ReleaseView> {
    return this.commands.skip(ctx, release, parsePromotion(body));
  }

  @Post(':release/abort')
  @HttpCode(200)
  @RequirePermission('release.stop')
  @ApiOperation({ summary: 'Gives a release up and puts everything back' })
  @ApiOkResponse({ standardSchema: releaseSchema })
  abort(
    @Context() ctx: RequestContext,
    @Param('release') release: string,
    @Body({ schema: reasonBody }) body: unknown,
  ): Promise<ReleaseView> {
    return this.commands.abort(ctx, release, parseReason(body, 'abort').reason);
  }

  @Post(':release/rollback')
  @HttpCode(200)
  @RequirePermission('release.stop')
  @ApiOperation({ summary: 'Puts everything back because it is bad; the builds are remembered as such' })
  @ApiOkResponse({ standardSchema: releaseSchema })
  rollBack(
    @Context() ctx: RequestContext,
    @Param('release') release: string,
    @Body({ schema: reasonBody }) body: unknown,
  ): Promise<ReleaseView> {
    return this.commands.rollBack(ctx, release, parseReason(body, 'rollback').reason);
  }
}
