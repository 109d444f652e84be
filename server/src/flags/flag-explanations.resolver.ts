import { Args, Field, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Decision, MatchWord, Reason } from '@sluice/sdk/evaluation';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { enumOf, JsonValue } from '../transport/graphql-scalars.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { FlagExplanation } from './flag-explanation.js';
import { FlagExplanations } from './flag-explanations.service.js';
import { type FlagNode, FlagObject } from './flags.resolver.js';

const ReasonWord = enumOf<Reason>(['STATIC', 'DEFAULT', 'TARGETING_MATCH', 'SPLIT', 'DISABLED', 'ERROR'], {
  name: 'EvaluationReason',
  description: 'Resolution reasons of OpenFeature 0.9',
});
const DecisionWord = enumOf<Decision>(['missing', 'malformed', 'off', 'prerequisite', 'target', 'rule', 'default'], {
  name: 'FlagDecision',
  description: 'What decided: the first of these that had something to say',
});
const MatchEnum = enumOf<MatchWord>(['yes', 'no', 'unknown'], {
  name: 'FlagMatch',
  description: 'Whether something matched; unknown where it cannot be told',
});

@ObjectType('FlagClauseExplanation')
class ClauseExplanationObject {
  @Field(() => MatchEnum)
  match!: MatchWord;

  @Field(() => JsonValue, { nullable: true, description: 'What the context has for the attribute' })
  value!: Json;

  @Field(() => String, { nullable: true, description: 'Why it cannot be told' })
  problem!: string | null;
}

@ObjectType('FlagRuleExplanation')
class RuleExplanationObject {
  @Field(() => String)
  id!: string;

  @Field(() => MatchEnum)
  match!: MatchWord;

  @Field(() => Boolean, { description: 'Whether it was asked: what came before it may have decided' })
  isReached!: boolean;

  @Field(() => [ClauseExplanationObject], { description: 'One for each clause, in order' })
  clauses!: ClauseExplanationObject[];
}

@ObjectType('FlagPrerequisiteExplanation')
class PrerequisiteExplanationObject {
  @Field(() => String)
  flag!: string;

  @Field(() => [String], { description: 'Variations of which one was to be served' })
  wanted!: string[];

  @Field(() => String, { nullable: true, description: 'The one that was; null: missing, off, or an error' })
  served!: string | null;

  @Field(() => Boolean)
  isMet!: boolean;
}

@ObjectType('FlagBucketExplanation', { description: 'Where a split puts a context' })
class BucketExplanationObject {
  @Field(() => String, { description: 'Attribute whose value is hashed' })
  bucketBy!: string;

  @Field(() => String)
  seed!: string;

  @Field(() => Int, { nullable: true, description: 'From 0; null: there was nothing to hash' })
  bucket!: number | null;

  @Field(() => Int, { description: 'How many buckets there are: the sum of the shares' })
  total!: number;
}

@ObjectType('FlagExplanation', { description: 'What a context is served, and how that came about' })
class ExplanationObject {
  @Field(() => JsonValue, { nullable: true, description: 'Null: the caller’s default, or a JSON variation of null' })
  value!: Json;

  @Field(() => String, { nullable: true, description: 'Null: the caller’s default' })
  variation!: string | null;

  @Field(() => ReasonWord)
  reason!: Reason;

  @Field(() => String, { nullable: true, description: 'Error code of OpenFeature 0.9' })
  errorCode!: string | null;

  @Field(() => String, { nullable: true })
  errorMessage!: string | null;

  @Field(() => DecisionWord)
  decision!: Decision;

  @Field(() => Int, { nullable: true, description: 'Place of the rule that decided, from 0' })
  ruleIndex!: number | null;

  @Field(() => BucketExplanationObject, { nullable: true, description: 'Null where no split was asked' })
  bucket!: BucketExplanationObject | null;

  @Field(() => [PrerequisiteExplanationObject])
  prerequisites!: PrerequisiteExplanationObject[];

  @Field(() => [RuleExplanationObject], { description: 'One for each rule, in order' })
  rules!: RuleExplanationObject[];
}

@Resolver(() => FlagObject)
export class FlagExplanationsResolver {
  constructor(private readonly explanations: FlagExplanations) {}

  @ResolveField(() => ExplanationObject, {
    nullable: true,
    complexity: 100,
    description: 'What a context is served in an environment, and why',
  })
  @RequirePermission('flag.read')
  explanation(
    @Context() ctx: RequestContext,
    @Parent() { key, project }: FlagNode,
    @Args('environment') environment: string,
    @Args('context', { type: () => JsonValue, description: 'An object, with targetingKey where there is one' })
    context: Json,
    @Args('draft', {
      type: () => JsonValue,
      nullable: true,
      description: 'Of settings that are not stored: FlagSettingsEdit of OpenAPI',
    })
    draft?: Json,
  ): Promise<FlagExplanation> {
    const at = { project, flag: key, environment };
    return this.explanations.explain(ctx, at, { context, draft: draft ?? undefined });
  }
}
