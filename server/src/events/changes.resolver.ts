import { Args, Context as GraphqlContext, Field, Int, ObjectType, Resolver, Subscription } from '@nestjs/graphql';
import { SluiceError } from '../kernel/errors.js';
import type { Json } from '../kernel/json.js';
import type { Permission } from '../kernel/permission.js';
import type { RequestContext } from '../kernel/request-context.js';
import { DateTime, enumOf, JsonValue } from '../transport/graphql-scalars.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { SubscriptionContext } from '../transport/subscription-context.js';
import { type Change, CHANGE_TOPICS, type ChangeTopic } from './change.js';
import { Changes } from './changes.service.js';

const TopicWord = enumOf<ChangeTopic>(
  // The object's keys are exactly its topics.
  Object.keys(CHANGE_TOPICS) as ChangeTopic[],
  { name: 'ChangeTopic', description: 'Kinds of things that change' },
);

@ObjectType('Change', { description: 'Something changed: enough to know whether to look again' })
class ChangeObject {
  @Field(() => TopicWord)
  topic!: ChangeTopic;

  @Field(() => String, { description: 'Key or id of what changed: of a flag, a release, a token …' })
  key!: string;

  @Field(() => String, { nullable: true, description: 'Key of the environment; null: of no one environment' })
  environment!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Its version afterwards, of an environment its revision; null: it has none, or is gone',
  })
  version!: number | null;

  @Field(() => Boolean, { description: 'Whether it was deleted' })
  isGone!: boolean;

  @Field(() => String, { description: 'What was done: as in AuditEntry.action, or the type of an event' })
  action!: string;

  @Field(() => String, { nullable: true, description: 'Name of who did it; null: not said' })
  actor!: string | null;

  @Field(() => DateTime)
  at!: Date;

  @Field(() => JsonValue, {
    nullable: true,
    description:
      'Of releases and rollouts, how they stand: name, status, attempt, reason, and what the event says more',
  })
  patch!: Json;
}

@Resolver()
export class ChangesResolver {
  constructor(private readonly service: Changes) {}

  @Subscription(() => ChangeObject, {
    description:
      'What changes in a project as far as the viewer may see it, within a second. Nothing is replayed: after a ' +
      'connection was lost, look at what is shown again.',
    resolve: (change: Change) => change,
  })
  @RequirePermission('project.read')
  changes(
    @Context() ctx: RequestContext,
    @GraphqlContext() { req, giveUp }: SubscriptionContext,
    @Args('project', { description: 'Key of the project' }) project: string,
    @Args('environment', {
      type: () => String,
      nullable: true,
      description: 'Key of an environment: its changes alone, and those of no one environment',
    })
    environment?: string | null,
  ): Promise<AsyncIterableIterator<Change>> {
    return this.service.open(
      ctx,
      { project, environment: environment ?? undefined },
      { hearingOf: (topic) => contextFor(CHANGE_TOPICS[topic], req), giveUp },
    );
  }
}

/** As whom and where the caller hears of what a permission is for; undefined: nowhere. */
function contextFor(permission: Permission, req: SubscriptionContext['req']): RequestContext | undefined {
  try {
    return req.sluiceContextFor?.(permission);
  } catch (error) {
    if (error instanceof SluiceError && error.kind === 'forbidden') return undefined;
    throw error;
  }
}
