import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import type { Json } from '../kernel/json.js';
import type { ComparedMetric, MetricDifference } from '../rollouts/index.js';
import { DateTime, enumOf, JsonValue } from '../transport/graphql-scalars.js';
import type { ReleaseAttempt } from './release-details.service.js';
import { ReleaseReasonObject, StateWord } from './release-objects.resolver.js';
import type { TimelineGate, TimelineStep } from './step-timeline.js';

const ChangeWord = enumOf(['flag', 'service', 'parallelRun'], {
  name: 'ReleaseChangeKind',
  description: 'What a change is about',
});

const StepStateWord = enumOf<TimelineStep['state']>(['done', 'skipped', 'current', 'ahead'], {
  name: 'ReleaseStepState',
  description: 'current: where it is, or where it ended',
});

const GateWord = enumOf<TimelineGate['kind']>(['approval', 'webhook', 'analysis', 'certificate'], {
  name: 'ReleaseGateKind',
  description: 'What else a step asks for before it is left',
});

const DifferenceWord = enumOf<MetricDifference['kind']>(['rate', 'mean'], {
  name: 'MetricDifferenceKind',
  description: 'rate: bad ones per unit, from 0; mean: in the unit of the value',
});

@ObjectType('ReleaseDiff', { description: 'One thing that a release moves, before and after' })
export class DiffObject {
  @Field(() => String, { description: 'flag/new-cart, service/checkout, parallel-run/price-v2' })
  subject!: string;

  @Field(() => ChangeWord)
  kind!: string;

  @Field(() => JsonValue, { description: 'Settings of the flag, traffic of the service, or sampling of the run' })
  before!: Json;

  @Field(() => JsonValue, { description: 'The same once everybody has the candidate' })
  after!: Json;
}

@ObjectType('ReleaseLaggard', { description: 'An SDK instance that does not serve the share yet' })
class LaggardObject {
  @Field(() => String)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Int, { nullable: true, description: 'The revision that it serves; null before its first' })
  revision!: number | null;
}

@ObjectType('ReleasePropagation', { description: 'Milliseconds until instances served the share' })
class PropagationObject {
  @Field(() => Float)
  p50!: number;

  @Field(() => Float)
  p99!: number;
}

@ObjectType('ReleaseReach', { description: 'How far the share has come, by what SDK instances acknowledge' })
export class ReachObject {
  @Field(() => Int, { description: 'The environment’s revision that carries the share' })
  revision!: number;

  @Field(() => Int, { description: 'Instances that report' })
  instances!: number;

  @Field(() => Int, { description: 'Those of them that serve the revision or a newer one' })
  current!: number;

  @Field(() => Int, { description: 'Instances that stopped reporting within the hour without a word' })
  silent!: number;

  @Field(() => [LaggardObject], { description: 'The farthest behind first; 20 at the most' })
  laggards!: readonly LaggardObject[];

  @Field(() => PropagationObject, { nullable: true, description: 'Null where no instance serves just this revision' })
  propagationMs!: PropagationObject | null;
}

@ObjectType('ArmFigures', { description: 'What was measured of an arm since the attempt began' })
class ArmObject {
  @Field(() => Float)
  units!: number;

  @Field(() => Float, { nullable: true })
  bad?: number;

  @Field(() => Float, { nullable: true })
  mean?: number;

  @Field(() => Float, { nullable: true, description: 'Milliseconds' })
  p50?: number;

  @Field(() => Float, { nullable: true, description: 'Milliseconds' })
  p99?: number;
}

@ObjectType('MetricInterval', { description: 'Of the absolute difference: 95 %, at this one moment, for people' })
class IntervalObject {
  @Field(() => Float)
  low!: number;

  @Field(() => Float)
  high!: number;
}

@ObjectType('MetricDifference', { description: 'Candidate less stable, for people: decisions are made by evidence' })
class DifferenceObject {
  @Field(() => DifferenceWord)
  kind!: MetricDifference['kind'];

  @Field(() => Float)
  stable!: number;

  @Field(() => Float)
  candidate!: number;

  @Field(() => Float)
  absolute!: number;

  @Field(() => Float, { nullable: true, description: 'Of the stable arm: 0.18 is 18 % more' })
  relative!: number | null;

  @Field(() => IntervalObject, { nullable: true })
  interval!: MetricDifference['interval'];
}

@ObjectType('MetricResult', { description: 'One metric of one subject as it stood at the last look' })
export class MetricObject {
  @Field(() => String)
  metric!: string;

  @Field(() => String, { description: 'flag/new-cart, service/checkout; all of queries' })
  subject!: string;

  @Field(() => StateWord)
  state!: ComparedMetric['state'];

  @Field(() => Boolean, { description: 'Judged and shown, but never acted on' })
  dryRun!: boolean;

  @Field(() => Boolean, { description: 'Whether there are two arms to compare' })
  isComparable!: boolean;

  @Field(() => String)
  sentence!: string;

  @Field(() => Float, { nullable: true, description: 'Of harm: natural logarithm' })
  evidence?: number;

  @Field(() => Float, { nullable: true, description: 'Where the evidence rolls back' })
  limit?: number;

  @Field(() => ArmObject, { nullable: true })
  stable?: ComparedMetric['stable'];

  @Field(() => ArmObject, { nullable: true })
  candidate?: ComparedMetric['candidate'];

  @Field(() => Float, { nullable: true, description: 'The dispersion that tempered it' })
  phi?: number;

  @Field(() => DifferenceObject, { nullable: true, description: 'Null where an arm has nothing' })
  difference!: MetricDifference | null;
}

@ObjectType('EvidencePoint')
class EvidencePointObject {
  @Field(() => Int)
  tick!: number;

  @Field(() => DateTime)
  at!: Date;

  @Field(() => Int, { description: 'Asked for then: thousandths of a percent' })
  share!: number;

  @Field(() => StateWord)
  state!: ComparedMetric['state'];

  @Field(() => Float, { nullable: true, description: 'Of harm: natural logarithm; null of means and queries' })
  evidence!: number | null;

  @Field(() => Float, { nullable: true, description: 'Where the evidence rolls back' })
  limit!: number | null;
}

@ObjectType('EvidenceSeries', { description: 'The evidence of one metric of one subject over time' })
export class EvidenceSeriesObject {
  @Field(() => String)
  metric!: string;

  @Field(() => String)
  subject!: string;

  @Field(() => [EvidencePointObject], { description: 'Oldest first, thinned evenly; the newest is always there' })
  points!: readonly EvidencePointObject[];
}

@ObjectType('ReleaseGate', { description: 'What else must be so before a step is left' })
class GateObject {
  @Field(() => GateWord)
  kind!: TimelineGate['kind'];

  @Field(() => Boolean, { nullable: true, description: 'Null where only the next look knows' })
  isOpen!: boolean | null;

  @Field(() => String)
  sentence!: string;
}

@ObjectType('ReleaseStep', { description: 'A step of an attempt: as planned, and as it came' })
export class StepObject {
  @Field(() => Int, { description: 'From 0' })
  index!: number;

  @Field(() => Int, { description: 'Thousandths of a percent' })
  share!: number;

  @Field(() => Int, { description: 'Of the calls of parallel runs: thousandths of a percent' })
  sampling!: number;

  @Field(() => Float)
  holdSeconds!: number;

  @Field(() => Int)
  minimumUnits!: number;

  @Field(() => [GateObject])
  gates!: readonly TimelineGate[];

  @Field(() => StepStateWord)
  state!: TimelineStep['state'];

  @Field(() => DateTime, { description: 'Had every step before it lasted its hold and no longer' })
  plannedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When its share was asked for' })
  enteredAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was left, or the attempt ended' })
  leftAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Of steps ahead: not before then, as things stand' })
  expectedAt!: Date | null;
}

@ObjectType('ReleaseAttempt', { description: 'One attempt of a release, in short' })
export class AttemptObject {
  @Field(() => Int)
  attempt!: number;

  @Field(() => String, { description: 'running, released, rolledBack, aborted or superseded' })
  status!: string;

  @Field(() => Int, { description: 'The step that it came to, from 0' })
  stepIndex!: number;

  @Field(() => Int, { description: 'Of that step: thousandths of a percent' })
  share!: number;

  @Field(() => ReleaseReasonObject)
  reason!: ReleaseAttempt['reason'];

  @Field(() => DateTime)
  startedAt!: Date;

  @Field(() => DateTime, { nullable: true })
  finishedAt!: Date | null;
}
