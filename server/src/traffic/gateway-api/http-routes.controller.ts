import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { RequestContext } from '../../kernel/request-context.js';
import { httpRouteFields } from '../../platform/config/gateway-api.js';
import { Context } from '../../transport/request-context.decorator.js';
import { RequirePermission } from '../../transport/require-permission.decorator.js';
import { type GatewayRef, HTTP_ROUTE_API, type HttpRouteManifest } from './http-route.js';
import { HttpRoutes } from './http-routes.service.js';

const gateway = z
  .string()
  .regex(/^[a-z0-9][-a-z0-9.]{0,252}(?:\/[a-z0-9][-a-z0-9.]{0,252})?$/u, 'must be name or namespace/name');
const hostname = z.string().min(1).max(253);

const routeQuery = z.strictObject({
  environment: z.string(),
  namespace: httpRouteFields.namespace.describe('Of the HTTPRoute and both Services'),
  name: httpRouteFields.name.optional().describe('Of the HTTPRoute; the key of the service unless said'),
  stable: httpRouteFields.stable.describe('The Service of the stable version'),
  candidate: httpRouteFields.candidate.describe('The Service of the candidate'),
  stableVersion: z
    .string()
    .min(1)
    .max(128)
    .describe('The version that the Service of the stable version holds; once another one is stable, 409'),
  port: z.coerce.number().int().min(1).max(65_535).describe('Of both Services'),
  gateway: z
    .union([gateway, z.array(gateway).max(32)])
    .optional()
    .describe('A Gateway it belongs to, as name or namespace/name; may be repeated'),
  hostname: z
    .union([hostname, z.array(hostname).max(16)])
    .optional()
    .describe('May be repeated'),
  path: httpRouteFields.path.describe('What of the paths is split'),
  armHeader: httpRouteFields.armHeader.describe('A request header whose value, stable or candidate, picks an arm'),
});
const manifestSchema = z
  .object({
    apiVersion: z.literal(HTTP_ROUTE_API),
    kind: z.literal('HTTPRoute'),
    metadata: z.object({
      name: z.string(),
      namespace: z.string(),
      annotations: z.record(z.string(), z.string()),
    }),
    spec: z.record(z.string(), z.json()).describe('As the Gateway API says'),
  })
  .meta({ id: 'HttpRouteManifest' });

@ApiTags('services')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/services/:service/http-route')
export class HttpRoutesController {
  constructor(private readonly routes: HttpRoutes) {}

  @Get()
  @RequirePermission('deployment.read')
  @ApiOperation({
    summary: 'Prints the HTTPRoute that sends callers where they are to be sent now',
    description:
      'For clusters that Sluice does not reach: commit it, or hand it to `kubectl apply -f -`, which reads JSON. Where ' +
      'the traffic file has a route of the kind gateway-api, Sluice applies the same by itself. After a release the other ' +
      'Service holds the stable version: until `stable`, `candidate` and `stableVersion` say so it answers 409 ' +
      '(STABLE_VERSION_MOVED), and what was applied last stands.',
  })
  @ApiOkResponse({ standardSchema: manifestSchema })
  print(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('service') service: string,
    @Query({ schema: routeQuery }) query: z.infer<typeof routeQuery>,
  ): Promise<HttpRouteManifest> {
    const { environment, stableVersion, gateway: gateways = [], hostname: hostnames = [], ...shape } = query;
    return this.routes.print(
      ctx,
      { project, environment, service, stableVersion },
      {
        ...shape,
        name: shape.name ?? service,
        gateways: [gateways].flat().map(gatewayRefOf),
        hostnames: [hostnames].flat(),
      },
    );
  }
}

function gatewayRefOf(text: string): GatewayRef {
  const [name = '', namespace] = text.split('/').reverse();
  return { name, namespace };
}
