import { Args, Field, ID, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { invalid } from '../kernel/errors.js';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Project, ProjectObject } from '../projects/index.js';
import { type Connection, connectionOf, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { DateTime, JsonValue } from '../transport/graphql-scalars.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { CloudEvent } from './cloud-event.js';
import { EventsService } from './events.service.js';
import { isTypePattern } from './match-type.js';

@ObjectType('Event', { description: 'Something that has happened, for good' })
class EventObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'A decimal number: its place in the order of commits' })
  sequence!: string;

  @Field(() => String, { description: 'Such as dev.sluice.release.started' })
  type!: string;

  @Field(() => String, { description: 'What it happened to: release/<id>, service/checkout, flag/new-cart' })
  subject!: string;

  @Field(() => String, { nullable: true, description: 'Key of the environment, if it concerns one' })
  environment!: string | null;

  @Field(() => JsonValue, { description: 'What there is to know of it: the data of its CloudEvent' })
  data!: Json;

  @Field(() => DateTime)
  at!: string;
}

const EventConnection = connectionOf(EventObject, 'Event');

const isSequence = (sortKey: string): boolean => /^\d{1,15}$/u.test(sortKey);

@Resolver(() => ProjectObject)
export class EventsResolver {
  constructor(private readonly log: EventsService) {}

  @ResolveField(() => EventConnection, {
    nullable: true,
    complexity: 10,
    description: 'What has happened in 90 days, the newest first',
  })
  @RequirePermission('event.read')
  async events(
    @Context() ctx: RequestContext,
    @Parent() { key }: Project,
    @Args() asked: PageArgs,
    @Args('type', {
      type: () => String,
      nullable: true,
      description: 'Only this type, or with * at the end all that begin so',
    })
    type?: string | null,
    @Args('subject', { type: () => String, nullable: true, description: 'Only of this subject' })
    subject?: string | null,
    @Args('environment', { type: () => String, nullable: true, description: 'Key of an environment' })
    environment?: string | null,
  ): Promise<Connection<EventObject>> {
    const { limit, after } = pageRequestOf(asked, isSequence);
    const before = after === undefined ? undefined : Number(after);
    const page = await this.log.listNewest(ctx, key, {
      before,
      limit,
      type: requireTypePattern(type ?? undefined),
      subject: subject ?? undefined,
      environment: environment ?? undefined,
    });
    return toConnection({ ...page, items: page.items.map(toNode) }, asked, ({ sequence }) => sequence);
  }
}

function requireTypePattern(type: string | undefined): string | undefined {
  if (type === undefined || isTypePattern(type)) return type;
  throw invalid('EVENT_TYPE_UNKNOWN', '"type" must be a type of events, or the beginning of some and *.');
}

function toNode({ id, sluicesequence, type, subject, sluiceenvironment, data, time }: CloudEvent): EventObject {
  return { id, sequence: sluicesequence, type, subject, environment: sluiceenvironment ?? null, data, at: time };
}
