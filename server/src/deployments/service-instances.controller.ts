import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { RequestContext } from '../kernel/request-context.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { instanceDraftSchema, type ServiceInstance } from './service-instance.js';
import { type InstancesPlace, ServiceInstances } from './service-instances.service.js';

const instanceSchema = z
  .object({
    id: z.string(),
    version: z.string(),
    address: z.string(),
    port: z.int(),
    weight: z.int(),
    leaseUntil: z.iso.datetime().describe('Until when it is taken to listen'),
    registeredAt: z.iso.datetime(),
  })
  .meta({ id: 'ServiceInstance' });
const instancesSchema = z.object({ items: z.array(instanceSchema) });

@ApiTags('services')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/environments/:environment/services/:service/instances')
export class ServiceInstancesController {
  constructor(private readonly instances: ServiceInstances) {}

  @Get()
  @RequirePermission('deployment.read')
  @ApiOperation({ summary: 'Lists where the instances of a service listen, with those whose lease has ended' })
  @ApiOkResponse({ standardSchema: instancesSchema })
  async list(
    @Context() ctx: RequestContext,
    @Param() place: InstancesPlace,
  ): Promise<{ items: readonly ServiceInstance[] }> {
    return { items: await this.instances.list(ctx, place) };
  }

  @Put(':instance')
  @RequirePermission('instance.write')
  @ApiOperation({
    summary: 'Registers an instance of a service, or renews its lease',
    description:
      'Send it three times as often as the lease is long. Routers that send callers to registered instances (xDS) ' +
      'leave out those whose lease has ended, as long as at least half of a version are left. While its lease holds, an ' +
      'instance is that of the token that registered it: server tokens get 409 (INSTANCE_TAKEN) for those of others, ' +
      'tokens of the kinds ci and admin do not.',
  })
  @ApiOkResponse({ standardSchema: instanceSchema })
  register(
    @Context() ctx: RequestContext,
    @Param() place: InstancesPlace,
    @Param('instance') id: string,
    @Body({ schema: instanceDraftSchema }) body: unknown,
  ): Promise<ServiceInstance> {
    return this.instances.register(ctx, place, id, body);
  }

  @Delete(':instance')
  @HttpCode(204)
  @RequirePermission('instance.write')
  @ApiOperation({ summary: 'Takes an instance out, so that nobody is sent to it; do this before it ends' })
  @ApiNoContentResponse()
  async leave(
    @Context() ctx: RequestContext,
    @Param() place: InstancesPlace,
    @Param('instance') id: string,
  ): Promise<void> {
    await this.instances.leave(ctx, place, id);
  }
}
