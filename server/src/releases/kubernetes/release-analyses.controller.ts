import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { RequestContext } from '../../kernel/request-context.js';
import { Context } from '../../transport/request-context.decorator.js';
import { RequirePermission } from '../../transport/require-permission.decorator.js';
import { analysisSchema } from './analysis-schema.js';
import { ReleaseAnalyses } from './release-analyses.service.js';
import type { ReleaseAnalysis } from './release-analysis.js';

const answerSchema = z.object({ data: analysisSchema }).meta({ id: 'ReleaseAnalysisAnswer' });
const versionQuery = z.strictObject({ environment: z.string(), version: z.string().min(1).max(200) });
const description =
  'For the `web` metric of Argo Rollouts, with `jsonPath: "{$.data}"`, `successCondition: result.verdict == "pass"` and ' +
  '`failureCondition: result.verdict == "fail"`: whatever is neither is Inconclusive there. `data.ok` is true for `pass` ' +
  'alone. A release that there is not is an error (404), and so is a server that cannot answer (503).';

@ApiTags('releases')
@ApiBearerAuth()
@Controller('api/v1')
export class ReleaseAnalysesController {
  constructor(private readonly analyses: ReleaseAnalyses) {}

  @Get('releases/:release/analysis')
  @RequirePermission('release.read')
  @ApiOperation({ summary: 'Answers whether a release is known to be good', description })
  @ApiOkResponse({ standardSchema: answerSchema })
  async ofRelease(
    @Context() ctx: RequestContext,
    @Param('release') id: string,
  ): Promise<{ readonly data: ReleaseAnalysis }> {
    return { data: await this.analyses.analyse(ctx, { kind: 'release', id }) };
  }

  @Get('projects/:project/services/:service/analysis')
  @RequirePermission('release.read')
  @ApiOperation({ summary: 'Answers whether the newest release of a version is known to be good', description })
  @ApiOkResponse({ standardSchema: answerSchema })
  async ofVersion(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('service') service: string,
    @Query({ schema: versionQuery }) { environment, version }: z.infer<typeof versionQuery>,
  ): Promise<{ readonly data: ReleaseAnalysis }> {
    return { data: await this.analyses.analyse(ctx, { kind: 'version', project, environment, service, version }) };
  }
}
