import { Args, ArgsType, Field, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { Json } from '../kernel/json.js';
import { type RequestContext, requireInstanceScope } from '../kernel/request-context.js';
import { type Connection, connectionOf, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { DateTime, enumOf, JsonValue } from '../transport/graphql-scalars.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { type AuditEntry, type AuditFilter, type ChainBreak, isSequence } from './audit-entry.js';
import { AuditService } from './audit.service.js';

@ObjectType('AuditActor', { description: 'Who did it' })
export class AuditActorObject {
  @Field(() => String, { description: 'Such as token, or system for Sluice itself' })
  kind!: string;

  @Field(() => String)
  id!: string;

  @Field(() => String, { description: 'As it was then' })
  name!: string;
}

@ObjectType('AuditEntry', { description: 'Something that was done, on record for good' })
class AuditEntryObject {
  @Field(() => Int, { description: 'Grows by one with every entry of the instance' })
  sequence!: number;

  @Field(() => DateTime)
  at!: Date;

  @Field(() => AuditActorObject)
  actor!: AuditActorObject;

  @Field(() => String, { description: 'What was done, such as flag.settings.edited' })
  action!: string;

  @Field(() => ID, { nullable: true, description: 'Of the project that it is of; null: of the whole instance' })
  projectId!: string | null;

  @Field(() => String, { description: 'To what, such as flag/new-cart/production' })
  subject!: string;

  @Field(() => String, { description: 'The X-Request-Id that it was done under' })
  requestId!: string;

  @Field(() => JsonValue, { nullable: true, description: 'As it was before; null: it was not there' })
  before!: Json;

  @Field(() => JsonValue, { nullable: true, description: 'As it was afterwards; null: it is gone' })
  after!: Json;

  @Field(() => String, { description: 'Of the entry before, SHA-256 in base64url' })
  previousHash!: string;

  @Field(() => String, { description: 'Of this entry and the hash before it' })
  hash!: string;
}

export const AuditEntryConnection = connectionOf(AuditEntryObject, 'AuditEntry');

/** What a list of entries is narrowed to. */
@ArgsType()
export class AuditArgs extends PageArgs implements AuditFilter {
  @Field(() => String, { nullable: true, description: 'A subject, and all that is below it: flag/new-cart' })
  subject?: string | null;

  @Field(() => String, { nullable: true, description: 'Id of an actor' })
  actor?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'An action, and all that begin with it and a dot: flag.settings',
  })
  action?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'The earliest' })
  from?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'What comes before it' })
  to?: Date | null;
}

const BreakWord = enumOf<ChainBreak['problem']>(['missing', 'altered', 'reordered', 'truncated'], {
  name: 'AuditChainProblem',
  description: 'What is wrong where the chain of hashes breaks first',
});

@ObjectType('AuditChainBreak', { description: 'Where the chain of hashes breaks first' })
class ChainBreakObject {
  @Field(() => Int)
  sequence!: number;

  @Field(() => BreakWord)
  problem!: ChainBreak['problem'];
}

@ObjectType('AuditChain', { description: 'What a check of the hash chain over every entry found' })
class ChainObject {
  @Field(() => Int, { description: 'How many were checked' })
  entries!: number;

  @Field(() => String)
  headHash!: string;

  @Field(() => Boolean)
  isIntact!: boolean;

  @Field(() => ChainBreakObject, { nullable: true })
  firstBreak!: ChainBreakObject | null;
}

@Resolver()
@RequirePermission('audit.read')
export class AuditResolver {
  constructor(private readonly service: AuditService) {}

  @Query(() => AuditEntryConnection, {
    complexity: 10,
    description: 'All that was done on this instance, newest first',
  })
  async audit(@Context() ctx: RequestContext, @Args() asked: AuditArgs): Promise<Connection<AuditEntry>> {
    requireInstanceScope(ctx);
    return toAuditConnection(this.service, undefined, asked);
  }

  @Query(() => ChainObject, {
    nullable: true,
    // More than half of what a document may cost, so that none asks twice: every entry there is is read.
    complexity: 3_000,
    description: 'Checks the hash chain over every entry of the instance: one check at a time, shared by all who ask',
  })
  async auditChain(@Context() ctx: RequestContext): Promise<ChainObject> {
    requireInstanceScope(ctx);
    const report = await this.service.verify();
    return { ...report, firstBreak: report.firstBreak ?? null };
  }
}

/** A page of entries, of one project or of all. */
export async function toAuditConnection(
  service: AuditService,
  projectId: string | undefined,
  asked: AuditArgs,
): Promise<Connection<AuditEntry>> {
  const page = await service.list({ ...asked, projectId }, pageRequestOf(asked, isSequence));
  return toConnection(page, asked, ({ sequence }) => String(sequence));
}
