import { Field, Float, Int, ObjectType, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../../kernel/request-context.js';
import { DateTime, enumOf } from '../../transport/graphql-scalars.js';
import { Context } from '../../transport/request-context.decorator.js';
import { RequirePermission } from '../../transport/require-permission.decorator.js';
import type { JobStanding } from '../jobs/jobs.js';
import type { OutboxBacklog } from '../outbox/outbox-backlog.js';
import {
  type DatabaseStanding,
  type ProcessStanding,
  type RedisStanding,
  SystemHealth,
} from './system-health.service.js';

const DatabaseKindWord = enumOf<DatabaseStanding['kind']>(['embedded', 'postgresql'], {
  name: 'SystemDatabaseKind',
  description: 'Where state lives: in the folder of the one server, or in PostgreSQL',
});

@ObjectType('SystemEventLoop', {
  description: 'How late timers came in the last whole minute, in milliseconds: a server that is too busy shows here',
})
class EventLoopObject {
  @Field(() => Float)
  p50Ms!: number;

  @Field(() => Float)
  p99Ms!: number;

  @Field(() => Float)
  maxMs!: number;
}

@ObjectType('SystemDatabase')
class DatabaseObject {
  @Field(() => DatabaseKindWord)
  kind!: DatabaseStanding['kind'];

  @Field(() => Boolean, { description: 'Without it the server is not ready: changes wait, SDKs keep their values' })
  isReachable!: boolean;

  @Field(() => Float, { nullable: true, description: 'Milliseconds for the smallest question; null: no answer' })
  answeredMs!: number | null;
}

@ObjectType('SystemRedis')
class RedisObject {
  @Field(() => Boolean)
  isReachable!: boolean;

  @Field(() => Float, { nullable: true, description: 'Milliseconds for the smallest question; null: no answer' })
  answeredMs!: number | null;

  @Field(() => Int, { nullable: true, description: 'Servers that listen to it; null: no answer' })
  replicas!: number | null;
}

@ObjectType('SystemOutbox', { description: 'Messages that were committed and not told to the replicas yet' })
class OutboxObject {
  @Field(() => Int)
  waiting!: number;

  @Field(() => DateTime, { nullable: true, description: 'Since when the oldest waits; null: none does' })
  oldestAt!: Date | null;
}

@ObjectType('SystemJobs', { description: 'How the jobs of one type stand' })
class JobsObject {
  @Field(() => String, { description: 'Of the type, such as rollout.tick' })
  name!: string;

  @Field(() => Int, { description: 'Due and not begun, of all replicas' })
  waiting!: number;

  @Field(() => Int, { description: 'Due later, of all replicas' })
  delayed!: number;

  @Field(() => Int, { description: 'Running in this server' })
  running!: number;

  @Field(() => Float, { description: 'Ended in this server since it started' })
  ended!: number;

  @Field(() => Float, { description: 'Of those, what failed; a sweep looks again' })
  failed!: number;

  @Field(() => DateTime, { nullable: true, description: 'When one ended last in this server' })
  lastEndedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When one failed last in this server' })
  lastFailedAt!: Date | null;
}

@ObjectType('System', { description: 'How the instance is, as the server that answers sees it' })
export class SystemObject {
  @Field(() => String, { description: 'Of Sluice' })
  version!: string;

  @Field(() => String, { description: 'Of Node' })
  nodeVersion!: string;

  @Field(() => Int, { description: 'Seconds since the process started' })
  uptimeSeconds!: number;

  @Field(() => Float, { description: 'Memory that the process holds, in bytes' })
  residentBytes!: number;

  @Field(() => EventLoopObject)
  eventLoop!: EventLoopObject;
}

@Resolver(() => SystemObject)
@RequirePermission('system.read')
export class SystemResolver {
  constructor(private readonly health: SystemHealth) {}

  @Query(() => SystemObject, {
    nullable: true,
    description:
      'For those who run the instance; each part is asked on its own, so that what is away hides nothing else',
  })
  system(@Context() ctx: RequestContext): ProcessStanding {
    return this.health.process(ctx);
  }

  @ResolveField(() => DatabaseObject, { complexity: 5 })
  database(): Promise<DatabaseStanding> {
    return this.health.database();
  }

  @ResolveField(() => RedisObject, {
    nullable: true,
    complexity: 5,
    description: 'Null: none is configured, and this server runs alone',
  })
  redis(): Promise<RedisStanding | null> {
    return this.health.redis();
  }

  @ResolveField(() => OutboxObject, { nullable: true, complexity: 5 })
  outbox(): Promise<OutboxBacklog> {
    return this.health.outbox();
  }

  @ResolveField(() => [JobsObject], { nullable: true, complexity: 10, description: 'Queues of jobs, in order of name' })
  jobs(): Promise<readonly JobStanding[]> {
    return this.health.queues();
  }
}
