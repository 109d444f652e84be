import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { RequestContext } from '../../kernel/request-context.js';
import { Context } from '../../transport/request-context.decorator.js';
import { RequirePermission } from '../../transport/require-permission.decorator.js';
import type { FlagdExport } from './export-environment.js';
import { FlagdDocuments } from './flagd-documents.service.js';

const flagdExport = z
  .object({
    document: z.record(z.string(), z.unknown()).describe('By https://flagd.dev/schema/v0/flags.json'),
    uncarried: z
      .array(
        z.object({
          flag: z.string(),
          path: z.string().describe('Where it stands in the flag, such as rules[0].clauses[1]'),
          reason: z.string(),
        }),
      )
      .describe('Why flags are not in the document: clients use the default in their code'),
  })
  .meta({ id: 'FlagdExport' });

@ApiTags('flags')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/environments/:environment/flagd')
export class FlagdDocumentsController {
  constructor(private readonly documents: FlagdDocuments) {}

  @Get()
  @RequirePermission('flag.read')
  @ApiOperation({
    summary: 'Shows the flags of an environment as a flag configuration of flagd, and what it cannot carry',
    description: 'What is carried is evaluated by flagd’s clients to the same values as by Sluice.',
  })
  @ApiOkResponse({ standardSchema: flagdExport })
  get(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
  ): Promise<FlagdExport> {
    return this.documents.of(ctx, project, environment);
  }
}
