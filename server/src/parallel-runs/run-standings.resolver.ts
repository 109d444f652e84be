import { Args, Field, Float, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';
import type { RequestContext } from '../kernel/request-context.js';
import { DateTime, enumOf } from '../transport/graphql-scalars.js';
import { PerRequest } from '../transport/per-request.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { Assessment, UnansweredEvidence } from './assessment.js';
import { CertificateObject, toCertificateNode } from './run-findings.resolver.js';
import { FindingWord, type ParallelRunNode, ParallelRunObject, VersionPairFields } from './parallel-runs.resolver.js';
import { RunStandingBatches } from './run-standing-batches.service.js';
import type { CandidateStanding, RunStanding } from './standing.js';

const StateWord = enumOf<UnansweredEvidence['state']>(['pass', 'fail', 'pending'], {
  name: 'ParallelRunEvidenceState',
  description: 'Whether a demand is kept, known to be broken, or not known yet',
});

@ObjectType('ParallelRunInterval', { description: 'Of a true rate, valid whenever it is looked at' })
class IntervalObject {
  @Field(() => Float)
  low!: number;

  @Field(() => Float)
  high!: number;
}

@ObjectType('ParallelRunEquivalence', { description: 'x unequal results in n distinct inputs, against the tolerance' })
class EquivalenceObject {
  @Field(() => Float)
  n!: number;

  @Field(() => Float)
  x!: number;

  @Field(() => Float)
  tolerance!: number;

  @Field(() => Float)
  logCertificate!: number;

  @Field(() => Float, { description: 'Certified when logCertificate reaches it: ln(1/alpha)' })
  certificateLimit!: number;

  @Field(() => Float)
  logRefutation!: number;

  @Field(() => Float, { description: 'Refuted when logRefutation reaches it: ln(1/alphaKill)' })
  refutationLimit!: number;

  @Field(() => IntervalObject)
  interval!: IntervalObject;

  @Field(() => Float, { nullable: true, description: 'Further inputs, all equal, that it would take to certify' })
  moreNeeded!: number | null;
}

@ObjectType('ParallelRunUnanswered', { description: 'Calls that the candidate did not answer in time' })
class UnansweredObject {
  @Field(() => Float)
  calls!: number;

  @Field(() => Float)
  unanswered!: number;

  @Field(() => Float)
  tolerance!: number;

  @Field(() => StateWord)
  state!: UnansweredEvidence['state'];

  @Field(() => Float, { description: 'Sampled calls of which nothing is known' })
  unseen!: number;
}

@ObjectType('ParallelRunLatency', { description: 'Candidate’s time over the control’s' })
class LatencyObject {
  @Field(() => Float)
  n!: number;

  @Field(() => Float, { description: 'Geometric mean, both orders weighing the same' })
  ratio!: number;

  @Field(() => Float, { nullable: true, description: 'What the ratio is below, whenever it is looked at' })
  upper!: number | null;

  @Field(() => Float)
  limit!: number;

  @Field(() => StateWord)
  state!: UnansweredEvidence['state'];
}

@ObjectType('ParallelRunNoise', { description: 'What the control’s own repetition says of the mismatches' })
class NoiseObject {
  @Field(() => Float, { description: 'Calls in which the control ran twice' })
  n!: number;

  @Field(() => Float, { description: 'In which the candidate alone differed' })
  b!: number;

  @Field(() => Float, { description: 'In which the control’s twin alone did' })
  c!: number;

  @Field(() => Float, { nullable: true, description: '(b − c) / n' })
  excess!: number | null;

  @Field(() => Float, { nullable: true, description: 'The chance of so many b, were there noise alone' })
  p!: number | null;
}

@ObjectType('ParallelRunCoverage', { description: 'How much of the input space was seen' })
class CoverageObject {
  @Field(() => Float, { description: 'Structures of inputs that were compared' })
  shapes!: number;

  @Field(() => Float, { nullable: true, description: 'The chance that the next input has a structure nobody compared' })
  unseen!: number | null;
}

@ObjectType('ParallelRunStratum', { description: 'One kind of input, as services declare it' })
class StratumObject {
  @Field(() => String)
  stratum!: string;

  @Field(() => Float)
  n!: number;

  @Field(() => Float)
  x!: number;

  @Field(() => Float, { description: '0 where the demand does not name it' })
  minimum!: number;

  @Field(() => IntervalObject)
  interval!: IntervalObject;

  @Field(() => Boolean, { description: 'Whether it alone is known to be unequal too often' })
  isRefuted!: boolean;
}

@ObjectType('ParallelRunCandidate', {
  description: 'How a pair of versions of a candidate stands that services run; of each candidate the newest is last',
})
class CandidateObject extends VersionPairFields {
  @Field(() => DateTime, { description: 'When the pair was first heard of' })
  firstAt!: Date;

  @Field(() => DateTime)
  lastAt!: Date;

  @Field(() => FindingWord)
  finding!: Assessment['finding'];

  @Field(() => String, { description: 'What was found, or what is missing' })
  sentence!: string;

  @Field(() => [String], { description: 'What keeps it from being certified, each a sentence' })
  lacks!: string[];

  @Field(() => EquivalenceObject)
  equivalence!: EquivalenceObject;

  @Field(() => UnansweredObject)
  unanswered!: UnansweredObject;

  @Field(() => LatencyObject, { nullable: true, description: 'Null where its time is not judged' })
  latency!: LatencyObject | null;

  @Field(() => NoiseObject)
  noise!: NoiseObject;

  @Field(() => CoverageObject)
  coverage!: CoverageObject;

  @Field(() => [StratumObject])
  strata!: StratumObject[];

  @Field(() => CertificateObject, { nullable: true, description: 'That stands for these versions under this demand' })
  certificate!: CertificateObject | null;
}

@ObjectType('ParallelRunStanding', { description: 'How a run stands in an environment' })
class StandingObject {
  @Field(() => Int, { description: 'Of the calls that are sampled: thousandths of a percent' })
  share!: number;

  @Field(() => Int)
  epoch!: number;

  @Field(() => [CandidateObject])
  candidates!: CandidateObject[];
}

type AskedRun = Pick<ParallelRunNode, 'id' | 'key'>;

@Resolver(() => ParallelRunObject)
export class RunStandingsResolver {
  private readonly loaders = new PerRequest(() => new Map<string, DataLoader<AskedRun, RunStanding>>());

  constructor(private readonly batches: RunStandingBatches) {}

  @ResolveField(() => StandingObject, { nullable: true, complexity: 10 })
  @RequirePermission('parallelRun.read')
  async standing(
    @Context() ctx: RequestContext,
    @Parent() run: ParallelRunNode,
    @Args('environment') environment: string,
  ): Promise<StandingObject> {
    const { share, epoch, candidates } = await this.loaderOf(ctx, { project: run.project, environment }).load(run);
    return { share, epoch, candidates: candidates.map(toCandidateNode) };
  }

  /** The runs of a list are asked for together, by place. */
  private loaderOf(
    ctx: RequestContext,
    at: { readonly project: string; readonly environment: string },
  ): DataLoader<AskedRun, RunStanding> {
    const loaders = this.loaders.of(ctx);
    const key = JSON.stringify([at.project, at.environment]);
    // No answer is kept: a mutation of the same request may change how runs stand.
    const loader =
      loaders.get(key) ??
      new DataLoader((runs: readonly AskedRun[]) => this.batches.of(ctx, at, runs), { cache: false });
    loaders.set(key, loader);
    return loader;
  }
}

function toCandidateNode({ total, assessment, certificate }: CandidateStanding): CandidateObject {
  const { candidate, controlVersion, candidateVersion, firstAt, lastAt } = total;
  const { equivalence, strata, lacks, ...rest } = assessment;
  return {
    ...{ candidate, controlVersion, candidateVersion, firstAt, lastAt },
    ...rest,
    lacks: [...lacks],
    equivalence: { ...equivalence, interval: toInterval(equivalence.interval) },
    strata: strata.map((stratum) => ({ ...stratum, interval: toInterval(stratum.interval) })),
    certificate: certificate && toCertificateNode(certificate),
  };
}

function toInterval([low, high]: readonly [low: number, high: number]): IntervalObject {
  return { low, high };
}
