import { Args, Field, InputType, Int, Mutation, Resolver } from '@nestjs/graphql';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { JsonValue } from '../transport/graphql-scalars.js';
import { type Payload, payloadOf, toPayload } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { GuardrailObject, toGuardrailNode } from './guardrails.resolver.js';
import { GuardrailsService } from './guardrails.service.js';

const GuardrailPayload = payloadOf(GuardrailObject, 'Guardrail');

@InputType()
class CreateGuardrailInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => JsonValue, { description: 'GuardrailDraft of the OpenAPI document' })
  document!: Json;
}

@InputType({ isAbstract: true })
abstract class PlacedGuardrailInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => String, { description: 'Key of the environment' })
  environment!: string;

  @Field(() => String, { description: 'Key of the guardrail' })
  guardrail!: string;
}

@InputType()
class EditGuardrailInput extends PlacedGuardrailInput {
  @Field(() => Int, { description: 'Refused (VERSION_STALE) where it has another' })
  expectedVersion!: number;

  @Field(() => JsonValue, { description: 'GuardrailEdit of the OpenAPI document: fields given replace, others stay' })
  document!: Json;
}

@InputType()
class AcknowledgeGuardrailInput extends PlacedGuardrailInput {
  @Field(() => String, { description: 'What is known of it' })
  comment!: string;

  @Field(() => Boolean, { defaultValue: false, description: 'Lets the rollouts it holds go on although it is broken' })
  release!: boolean;
}

@InputType()
class DeleteGuardrailInput extends PlacedGuardrailInput {
  @Field(() => Int, { description: 'Refused (VERSION_STALE) where it has another' })
  expectedVersion!: number;
}

@Resolver()
@RequirePermission('guardrail.write')
export class GuardrailCommandsResolver {
  constructor(private readonly guardrails: GuardrailsService) {}

  @Mutation(() => GuardrailPayload, {
    complexity: 10,
    description: 'Creates a guardrail; its first check follows at once',
  })
  createGuardrail(
    @Context() ctx: RequestContext,
    @Args('input') { project, document }: CreateGuardrailInput,
  ): Promise<Payload<GuardrailObject>> {
    return toPayload(async () => toGuardrailNode(await this.guardrails.create(ctx, project, document)));
  }

  @Mutation(() => GuardrailPayload, {
    complexity: 10,
    description: 'With a new statement it begins anew as unknown, and what it held may go on',
  })
  editGuardrail(
    @Context() ctx: RequestContext,
    @Args('input') { expectedVersion: version, document, ...at }: EditGuardrailInput,
  ): Promise<Payload<GuardrailObject>> {
    const expected = { kind: 'version', version } as const;
    return toPayload(async () => toGuardrailNode(await this.guardrails.edit(ctx, at, expected, document)));
  }

  @Mutation(() => GuardrailPayload, {
    complexity: 10,
    description: 'Says that somebody has seen that it is broken; again, to say something else',
  })
  acknowledgeGuardrail(
    @Context() ctx: RequestContext,
    @Args('input') { comment, release, ...at }: AcknowledgeGuardrailInput,
  ): Promise<Payload<GuardrailObject>> {
    const said = { comment, release };
    return toPayload(async () => toGuardrailNode(await this.guardrails.acknowledge(ctx, at, { kind: 'unsaid' }, said)));
  }

  @Mutation(() => GuardrailPayload, {
    complexity: 10,
    description: 'Deletes a guardrail, and answers it as it was; what it held may go on',
  })
  deleteGuardrail(
    @Context() ctx: RequestContext,
    @Args('input') { expectedVersion: version, ...at }: DeleteGuardrailInput,
  ): Promise<Payload<GuardrailObject>> {
    const expected = { kind: 'version', version } as const;
    return toPayload(async () => toGuardrailNode(await this.guardrails.delete(ctx, at, expected)));
  }
}
