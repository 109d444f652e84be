import { Int, ResolveField, Resolver } from '@nestjs/graphql';
import { SystemObject } from '../platform/health/system.resolver.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { EventStreams } from './event-streams.service.js';

@Resolver(() => SystemObject)
export class EventStreamCountsResolver {
  constructor(private readonly streams: EventStreams) {}

  @ResolveField(() => Int, { description: 'Streams of events that are open to this server' })
  @RequirePermission('system.read')
  eventStreams(): number {
    return this.streams.count;
  }
}
