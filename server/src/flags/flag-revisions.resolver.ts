import { Args, Field, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { AuditActorObject, isSequence } from '../audit/index.js';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Connection, connectionOf, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { DateTime, JsonValue } from '../transport/graphql-scalars.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { type FlagRevision, FlagRevisions } from './flag-revisions.service.js';
import { FlagSettingsObject, type PlacedSettings } from './flag-settings.resolver.js';

@ObjectType('FlagRevision', { description: 'A change of a flag’s settings in an environment' })
class RevisionObject {
  @Field(() => Int, { description: 'Of its entry in the audit log; what revertFlagSettings asks for' })
  sequence!: number;

  @Field(() => DateTime)
  at!: Date;

  @Field(() => AuditActorObject)
  actor!: AuditActorObject;

  @Field(() => String, { description: 'flag.settings.edited by people, ramped and restored by releases' })
  action!: string;

  @Field(() => JsonValue, { description: 'FlagSettings of OpenAPI, as they were' })
  before!: Json;

  @Field(() => JsonValue, { description: 'FlagSettings of OpenAPI, as they were afterwards, with their version' })
  after!: Json;
}

const RevisionConnection = connectionOf(RevisionObject, 'FlagRevision');

@Resolver(() => FlagSettingsObject)
export class FlagRevisionsResolver {
  constructor(private readonly service: FlagRevisions) {}

  @ResolveField(() => RevisionConnection, {
    nullable: true,
    complexity: 10,
    description: 'Every change of these settings, the newest first',
  })
  @RequirePermission('flag.read')
  async revisions(
    @Context() ctx: RequestContext,
    @Parent() at: PlacedSettings,
    @Args() asked: PageArgs,
  ): Promise<Connection<FlagRevision>> {
    const page = await this.service.list(ctx, at, pageRequestOf(asked, isSequence));
    return toConnection(page, asked, ({ sequence }) => String(sequence));
  }
}
