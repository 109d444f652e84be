import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { RequestContext } from '../kernel/request-context.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { EnvironmentUsage } from './flag-usage.js';
import { FlagUsageService } from './flag-usage.service.js';

const usageSchema = z
  .object({
    items: z.array(
      z.object({
        environment: z.string(),
        lastEvaluatedAt: z.iso.datetime().nullable(),
        variations: z.array(
          z.object({
            variation: z.string().nullable().describe('Null where callers used their own default'),
            count: z.int(),
            lastAt: z.iso.datetime(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'FlagUsage' });

@ApiTags('flags')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/flags/:flag/usage')
export class FlagUsageController {
  constructor(private readonly usage: FlagUsageService) {}

  @Get()
  @RequirePermission('telemetry.read')
  @ApiOperation({ summary: 'Tells how often a flag was evaluated in each environment (a slash in its key is %2F)' })
  @ApiOkResponse({ standardSchema: usageSchema })
  async get(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('flag') flag: string,
  ): Promise<{ items: readonly EnvironmentUsage[] }> {
    return { items: await this.usage.get(ctx, project, flag) };
  }
}
