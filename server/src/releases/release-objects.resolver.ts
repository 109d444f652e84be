import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import type { Json } from '../kernel/json.js';
import { connectionOf } from '../transport/connection.js';
import { DateTime, enumOf, JsonValue } from '../transport/graphql-scalars.js';
import { payloadOf } from '../transport/mutation-payload.js';
import { ATTENTION_KINDS, type AttentionKind } from './rank-attention.js';
import { RELEASE_STATUSES, type ReleaseStatus } from './release-machine.js';
import type { ReleaseView, RolloutView } from './release-view.js';

export const StatusWord = enumOf<ReleaseStatus>(RELEASE_STATUSES, {
  name: 'ReleaseStatus',
  description: 'How a release stands',
});

export const AttentionWord = enumOf<AttentionKind>(ATTENTION_KINDS, {
  name: 'AttentionKind',
  description: 'Why somebody is asked for',
});

const RolloutStatusWord = enumOf<RolloutView['status']>(
  ['running', 'released', 'rolledBack', 'aborted', 'superseded'],
  { name: 'RolloutStatus', description: 'How an attempt stands' },
);

const PhaseWord = enumOf<RolloutView['phase']>(['reaching', 'watching', 'baking'], {
  name: 'RolloutPhase',
  description: 'reaching: the share is on its way; watching: the step’s clock runs; baking: everybody has it',
});

export const StateWord = enumOf<NonNullable<RolloutView['verdict']>>(
  ['pass', 'fail', 'inconclusive', 'pending', 'error'],
  { name: 'MetricState', description: 'error: could not be measured; inconclusive: says nothing; pending: not yet' },
);

const FitsWord = enumOf<NonNullable<RolloutView['traffic'][number]['fits']>>(['matches', 'differs', 'tooFew'], {
  name: 'TrafficFit',
  description: 'Whether what was asked for and what was counted fit, by more than chance',
});

@ObjectType('ReleaseReason', { description: 'Why a release is where it is' })
export class ReleaseReasonObject {
  @Field(() => String)
  code!: string;

  @Field(() => String)
  sentence!: string;

  @Field(() => DateTime, { nullable: true, description: 'When it is looked at again or ends by itself' })
  until?: string | undefined;
}

@ObjectType('ReleaseApproval', { description: 'A person’s leave to start, or to go on from a step' })
class ApprovalObject {
  @Field(() => String)
  actorId!: string;

  @Field(() => String)
  actorName!: string;

  @Field(() => String)
  comment!: string;

  @Field(() => DateTime)
  at!: Date | string;
}

@ObjectType('ReleasePause')
class PauseObject {
  @Field(() => String)
  by!: string;

  @Field(() => String)
  reason!: string;

  @Field(() => DateTime)
  at!: string;
}

@ObjectType('RoutedTraffic', { description: 'A service’s traffic as a router that is no SDK counted it' })
class RoutedTrafficObject {
  @Field(() => String)
  service!: string;

  @Field(() => Int, { nullable: true, description: 'Thousandths of a percent that the router confirmed' })
  asked!: number | null;

  @Field(() => Int, { nullable: true, description: 'Thousandths of a percent of the requests that the candidate got' })
  actual!: number | null;

  @Field(() => Float, { description: 'Since the router was told' })
  requests!: number;

  @Field(() => FitsWord, { nullable: true })
  fits!: RolloutView['traffic'][number]['fits'];
}

@ObjectType('Rollout', { description: 'The ramp of a release’s newest attempt' })
class RolloutObject {
  @Field(() => ID)
  id!: string;

  @Field(() => Int)
  attempt!: number;

  @Field(() => RolloutStatusWord)
  status!: RolloutView['status'];

  @Field(() => Int, { description: 'From 0' })
  stepIndex!: number;

  @Field(() => Int, { description: 'How many there are' })
  steps!: number;

  @Field(() => Int, { description: 'Asked for: thousandths of a percent' })
  share!: number;

  @Field(() => PhaseWord)
  phase!: RolloutView['phase'];

  @Field(() => Int, { description: 'The environment’s revision that carries the share' })
  revision!: number;

  @Field(() => DateTime, { description: 'When the share was asked for' })
  askedAt!: string;

  @Field(() => DateTime, { nullable: true, description: 'When the phase’s clock began; null while reaching' })
  since!: string | null;

  @Field(() => ReleaseReasonObject)
  reason!: RolloutView['reason'];

  @Field(() => PauseObject, { nullable: true })
  paused!: RolloutView['paused'];

  @Field(() => [ApprovalObject], { description: 'To go on from the step it is at' })
  approvals!: RolloutView['approvals'];

  @Field(() => DateTime, { nullable: true, description: 'Since when something could not be asked' })
  outageSince!: string | null;

  @Field(() => [RoutedTrafficObject], { description: 'The real share, as routers counted it at the last look' })
  traffic!: RolloutView['traffic'];

  @Field(() => StateWord, { nullable: true, description: 'Of the last look; null before the first' })
  verdict!: RolloutView['verdict'];

  @Field(() => DateTime)
  startedAt!: Date;

  @Field(() => DateTime, { nullable: true })
  finishedAt!: Date | null;
}

@ObjectType('Release', { description: 'A set of changes that go live together under a policy, and go back together' })
export class ReleaseObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => String, { description: 'Key of the environment' })
  environment!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  description!: string;

  @Field(() => StatusWord)
  status!: ReleaseStatus;

  @Field(() => ReleaseReasonObject)
  reason!: ReleaseView['reason'];

  @Field(() => JsonValue, { description: 'What it changes: a list of ReleaseChange of the REST API' })
  changes!: Json;

  @Field(() => String, { description: 'Key of the policy' })
  policyKey!: string;

  @Field(() => Int, { description: '0 for a preset' })
  policyVersion!: number;

  @Field(() => JsonValue, {
    description: 'As it was at that version, arguments filled in: PolicyDocument of the REST API',
  })
  policy!: Json;

  @Field(() => String, { description: 'Digest of changes and policy, SHA-256: what approvals are bound to' })
  contentHash!: string;

  @Field(() => ID, { description: 'Who asked for it' })
  createdBy!: string;

  @Field(() => Int, { description: '0 before the first' })
  attempt!: number;

  @Field(() => DateTime, { nullable: true })
  scheduledAt!: Date | null;

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true })
  startedAt!: Date | null;

  @Field(() => DateTime, { nullable: true })
  finishedAt!: Date | null;

  @Field(() => ID, { nullable: true, description: 'The newer release that took its place' })
  supersededBy!: string | null;

  @Field(() => [ID], { description: 'Releases that ramped here at the same time: what is measured may be theirs' })
  confoundedBy!: readonly string[];

  @Field(() => [ApprovalObject], { description: 'To start, of what it says now' })
  approvals!: ReleaseView['approvals'];

  @Field(() => RolloutObject, { nullable: true, description: 'Null before the first attempt' })
  rollout!: RolloutView | null;

  @Field(() => Int)
  version!: number;
}

export const ReleaseConnection = connectionOf(ReleaseObject, 'Release');
export const ReleasePayload = payloadOf(ReleaseObject, 'Release');
