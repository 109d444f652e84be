import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { RequestContext } from '../kernel/request-context.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { telemetryBatchSchema } from './telemetry-batch.js';
import type { Receipt } from './telemetry-intake.service.js';
import { TelemetryService } from './telemetry.service.js';

const receiptSchema = z
  .object({ accepted: z.literal(true), duplicate: z.boolean().describe('It was counted before; nothing was added') })
  .meta({ id: 'TelemetryReceipt' });

@ApiTags('sdk')
@ApiBearerAuth()
@Controller('sdk/v1/telemetry')
export class TelemetryController {
  constructor(private readonly telemetry: TelemetryService) {}

  @Post()
  @HttpCode(202)
  @RequirePermission('telemetry.write')
  @ApiOperation({ summary: 'Takes in what one SDK instance saw since its last report; counts a batch id once' })
  @ApiAcceptedResponse({ standardSchema: receiptSchema })
  record(@Context() ctx: RequestContext, @Body({ schema: telemetryBatchSchema }) body: unknown): Promise<Receipt> {
    return this.telemetry.record(ctx, body);
  }
}
