import { Int, ResolveField, Resolver } from '@nestjs/graphql';
import { SystemObject } from '../platform/health/system.resolver.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { StreamHub } from './stream-hub.service.js';

@Resolver(() => SystemObject)
export class StreamCountsResolver {
  constructor(private readonly streams: StreamHub) {}

  @ResolveField(() => Int, {
    description: 'Streams of SDKs and of OFREP’s and flagd’s clients that are open to this server',
  })
  @RequirePermission('system.read')
  sdkStreams(): number {
    return this.streams.count;
  }
}
