import { Args, Field, Float, ID, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { enumOf, JsonValue } from '../transport/graphql-scalars.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { type ParallelRunNode, ParallelRunObject } from './parallel-runs.resolver.js';
import type { PricedSignature, RulePrice } from './price-rule.js';
import { PlaceObject } from './run-findings.resolver.js';
import { RunRules } from './run-rules.service.js';

const CoverageWord = enumOf<PricedSignature['coverage']>(['all', 'some'], {
  name: 'ParallelRunRuleCoverage',
  description: 'Whether a rule would hide all of a fault, or some of it',
});

@ObjectType('ParallelRunPricedSignature', { description: 'A fault that a rule would hide, in part at least' })
class PricedSignatureObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  candidate!: string;

  @Field(() => [PlaceObject])
  places!: PlaceObject[];

  @Field(() => Boolean, { description: 'Whether there are more places than are told' })
  isCut!: boolean;

  @Field(() => Float, { description: 'Candidate against control' })
  n!: number;

  @Field(() => Float, { description: 'The control against its twin' })
  twins!: number;

  @Field(() => Float, { description: 'What of n noise does not explain' })
  excess!: number;

  @Field(() => CoverageWord)
  coverage!: PricedSignature['coverage'];
}

@ObjectType('ParallelRunRulePrice', { description: 'What a rule would hide of the mismatches found so far' })
class RulePriceObject {
  @Field(() => Float, { description: 'Mismatches of which nothing would be left' })
  hidden!: number;

  @Field(() => Float, { description: 'Mismatches of which something may be left' })
  partly!: number;

  @Field(() => Float, { description: 'All that have a signature' })
  mismatches!: number;

  @Field(() => [PricedSignatureObject], { description: 'Those it touches, worst first' })
  signatures!: PricedSignatureObject[];
}

@Resolver(() => ParallelRunObject)
export class RunRulePricesResolver {
  constructor(private readonly rules: RunRules) {}

  @ResolveField(() => RulePriceObject, {
    nullable: true,
    complexity: 20,
    description: 'What a rule would hide of the mismatches found so far; nothing is stored',
  })
  @RequirePermission('parallelRun.read')
  rulePrice(
    @Context() ctx: RequestContext,
    @Parent() { project, key }: ParallelRunNode,
    @Args('environment') environment: string,
    @Args('rule', { type: () => JsonValue, description: 'ComparisonRuleDraft of OpenAPI' }) rule: Json,
  ): Promise<RulePrice> {
    return this.rules.price(ctx, { project, environment, run: key }, rule);
  }
}
