import { Args, Field, Float, ID, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { isId } from '../kernel/ids.js';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Project, ProjectObject } from '../projects/index.js';
import { AbilityObject } from '../transport/ability.js';
import { type Connection, connectionOf, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { DateTime, enumOf, JsonValue } from '../transport/graphql-scalars.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { Check, CheckPoint } from './guardrail.js';
import {
  type Acknowledgement,
  CHECK_OUTCOMES,
  type CheckCounts,
  type CheckOutcome,
  GUARDRAIL_STATES,
  type GuardrailState,
  isInTheWay,
  whyNotAcknowledge,
} from './guardrail-state.js';
import { GuardrailsService, type PlacedGuardrail } from './guardrails.service.js';

const StateWord = enumOf<GuardrailState>(GUARDRAIL_STATES, {
  name: 'GuardrailState',
  description: 'How a guardrail stands; acknowledged is broken, and somebody has seen it',
});

const OutcomeWord = enumOf<CheckOutcome>(CHECK_OUTCOMES, {
  name: 'GuardrailCheckOutcome',
  description: 'What one check came to; noData and couldNotAsk say nothing about the system',
});

@ObjectType('GuardrailCheckPoint', { description: 'What a check found, for a curve over time' })
class CheckPointObject {
  @Field(() => OutcomeWord)
  outcome!: CheckOutcome;

  @Field(() => Float, { nullable: true, description: 'Null where there was none' })
  value!: number | null;

  @Field(() => DateTime)
  at!: string;
}

@ObjectType('GuardrailCheck', { description: 'What a check found' })
class CheckObject extends CheckPointObject {
  @Field(() => String, { description: 'For people' })
  sentence!: string;
}

@ObjectType('GuardrailCheckCounts', {
  description: 'Checks in a row; those that said nothing part neither good nor bad ones',
})
class CountsObject {
  @Field(() => Int)
  good!: number;

  @Field(() => Int)
  bad!: number;

  @Field(() => Int)
  noData!: number;

  @Field(() => Int)
  couldNotAsk!: number;
}

@ObjectType('GuardrailAcknowledgement', { description: 'Somebody has seen that a guardrail is broken' })
class AcknowledgementObject {
  @Field(() => String)
  actorName!: string;

  @Field(() => String)
  comment!: string;

  @Field(() => Boolean, { description: 'Whether the rollouts it held may go on although it is broken' })
  release!: boolean;

  @Field(() => DateTime)
  at!: string;
}

@ObjectType('Guardrail', { description: 'A statement about an environment that is true while the system works' })
export class GuardrailObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'Unique in its environment' })
  key!: string;

  @Field(() => String, { description: 'Key of the environment it watches' })
  environment!: string;

  @Field(() => String)
  name!: string;

  @Field(() => JsonValue, { description: 'What is checked: GuardrailStatement of the OpenAPI document' })
  statement!: Json;

  @Field(() => Int, { description: 'Seconds between checks' })
  intervalSeconds!: number;

  @Field(() => Int, { description: 'Bad checks in a row until it is broken' })
  failureLimit!: number;

  @Field(() => Int, { description: 'Good checks in a row until it has recovered' })
  recoveryLimit!: number;

  @Field(() => JsonValue, { description: 'What happens when it breaks: GuardrailActions of the OpenAPI document' })
  onBroken!: Json;

  @Field(() => StateWord)
  state!: GuardrailState;

  @Field(() => String, { description: 'What was found when it came to its state; empty while unknown' })
  reason!: string;

  @Field(() => DateTime, { description: 'When it came to its state' })
  changedAt!: Date;

  @Field(() => Boolean, { description: 'Whether rollouts that it covers must wait' })
  isHolding!: boolean;

  @Field(() => CountsObject)
  counts!: CheckCounts;

  @Field(() => CheckObject, { nullable: true, description: 'Null before the first' })
  lastCheck!: Check | null;

  @Field(() => [CheckPointObject], { description: 'The latest checks of its statement, the oldest first; at most 60' })
  recentChecks!: readonly CheckPoint[];

  @Field(() => AcknowledgementObject, { nullable: true, description: 'Set while acknowledged' })
  acknowledgement!: Acknowledgement | null;

  @Field(() => DateTime)
  nextCheckAt!: Date;

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => Int, { description: 'Of what people write; checks leave it as it is' })
  version!: number;

  @Field(() => [AbilityObject], { description: 'What its state lets people do: acknowledge, edit, delete' })
  abilities!: AbilityObject[];
}

const GuardrailConnection = connectionOf(GuardrailObject, 'Guardrail');

@Resolver(() => ProjectObject)
@RequirePermission('guardrail.read')
export class GuardrailsResolver {
  constructor(private readonly all: GuardrailsService) {}

  @ResolveField(() => GuardrailConnection, { nullable: true, complexity: 5, description: 'In order of creation' })
  async guardrails(
    @Context() ctx: RequestContext,
    @Parent() { key }: Project,
    @Args() asked: PageArgs,
    @Args('environment', { type: () => String, nullable: true, description: 'Key of an environment' })
    environment?: string | null,
  ): Promise<Connection<GuardrailObject>> {
    const page = await this.all.list(ctx, key, pageRequestOf(asked, isId), environment ?? undefined);
    return toConnection({ ...page, items: page.items.map(toGuardrailNode) }, asked, ({ id }) => id);
  }

  @ResolveField(() => GuardrailObject, {
    nullable: true,
    complexity: 5,
    description: 'Null, with an error, where there is none',
  })
  async guardrail(
    @Context() ctx: RequestContext,
    @Parent() { key: project }: Project,
    @Args('environment', { description: 'Key of the environment' }) environment: string,
    @Args('key') guardrail: string,
  ): Promise<GuardrailObject> {
    return toGuardrailNode(await this.all.get(ctx, { project, environment, guardrail }));
  }
}

export function toGuardrailNode({ statement, onBroken, ...guardrail }: PlacedGuardrail): GuardrailObject {
  return {
    ...guardrail,
    // Both are JSON by construction.
    statement: statement as unknown as Json,
    onBroken: onBroken as unknown as Json,
    isHolding: onBroken.hold !== null && isInTheWay(guardrail),
    abilities: abilitiesOf(guardrail.state),
  };
}

function abilitiesOf(state: GuardrailState): AbilityObject[] {
  const refusal = whyNotAcknowledge(state) ?? null;
  return [
    { action: 'acknowledge', isAllowed: refusal === null, reason: refusal },
    { action: 'edit', isAllowed: true, reason: null },
    { action: 'delete', isAllowed: true, reason: null },
  ];
}
