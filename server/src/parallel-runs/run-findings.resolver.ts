import { Args, Field, Float, ID, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { DIFFERENCE_KINDS, type DifferenceKind } from '@sluice/sdk/comparison';
import { isId } from '../kernel/ids.js';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Connection, connectionOf, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { DateTime, enumOf, JsonValue } from '../transport/graphql-scalars.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { Assessment } from './assessment.js';
import type { Certificate } from './certificate.js';
import type { RunMinute } from './merge-run-reports.js';
import { FindingWord, type ParallelRunNode, ParallelRunObject, VersionPairFields } from './parallel-runs.resolver.js';
import type { RankedSignature } from './rank-signatures.js';
import { RunFindings } from './run-findings.service.js';

const KindWord = enumOf<DifferenceKind>(DIFFERENCE_KINDS, {
  name: 'ParallelRunDifferenceKind',
  description: 'In what two answers differ at a place',
});

@ObjectType('ParallelRunCertificate', { description: 'A finding: void once anything that it names changes' })
export class CertificateObject extends VersionPairFields {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'Key of the run' })
  run!: string;

  @Field(() => String, { description: 'Key of the environment' })
  environment!: string;

  @Field(() => Int)
  epoch!: number;

  @Field(() => String, { description: 'SHA-256 of what evidence depends on' })
  demandHash!: string;

  @Field(() => FindingWord, { description: 'certified or refuted' })
  finding!: Assessment['finding'];

  @Field(() => String, { description: 'What was found' })
  sentence!: string;

  @Field(() => JsonValue, { description: 'All that it was found from, as REST answers it: it can be reckoned again' })
  statement!: Json;

  @Field(() => DateTime)
  at!: Date;

  @Field(() => DateTime, { nullable: true })
  voidedAt!: Date | null;

  @Field(() => String, { nullable: true })
  voidReason!: string | null;
}

const CertificateConnection = connectionOf(CertificateObject, 'ParallelRunCertificate');

@ObjectType('ParallelRunMinute')
class MinuteObject {
  @Field(() => DateTime)
  minute!: Date;

  @Field(() => Float, { description: 'Distinct inputs compared' })
  n!: number;

  @Field(() => Float, { description: 'Those that came out unequal' })
  x!: number;
}

@ObjectType('ParallelRunPlace', { description: 'Where two answers differ' })
export class PlaceObject {
  @Field(() => String)
  path!: string;

  @Field(() => KindWord)
  kind!: DifferenceKind;

  @Field(() => String, { description: 'From what to what, such as null → string' })
  transition!: string;
}

@ObjectType('ParallelRunStratumHits')
class StratumHitsObject {
  @Field(() => String)
  stratum!: string;

  @Field(() => Float)
  n!: number;
}

@ObjectType('ParallelRunRedacted', {
  description: 'A value that left its service as a digest, unless its path is allowed',
})
class RedactedObject {
  @Field(() => String, { nullable: true, description: 'HMAC of the value under the key of the run' })
  digest?: string;

  @Field(() => String, { nullable: true, description: 'Its JSON, where the path is allowed' })
  raw?: string;

  @Field(() => Boolean, { description: 'Whether there was none' })
  absent!: boolean;
}

@ObjectType('ParallelRunSampledValue')
class SampledValueObject {
  @Field(() => String)
  path!: string;

  @Field(() => RedactedObject)
  control!: RedactedObject;

  @Field(() => RedactedObject)
  candidate!: RedactedObject;
}

@ObjectType('ParallelRunSample', { description: 'One unequal call' })
class SampleObject {
  @Field(() => DateTime)
  at!: string;

  @Field(() => String)
  stratum!: string;

  @Field(() => String, { description: 'Digest of the input; empty without one' })
  input!: string;

  @Field(() => String, { description: 'Empty where the service has no tracing' })
  traceId!: string;

  @Field(() => [SampledValueObject])
  values!: SampledValueObject[];
}

@ObjectType('ParallelRunDelta', { description: 'How far numbers are apart, at most' })
class DeltaObject {
  @Field(() => Float)
  absolute!: number;

  @Field(() => Float, { description: 'To the larger magnitude' })
  relative!: number;

  @Field(() => Float, { description: 'Doubles between them' })
  ulps!: number;
}

@ObjectType('ParallelRunSignature', { description: 'Mismatches of a candidate that are the same fault' })
class SignatureObject {
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
  noise!: number;

  @Field(() => Float, { description: 'What of n noise does not explain' })
  excess!: number;

  @Field(() => [StratumHitsObject])
  strata!: StratumHitsObject[];

  @Field(() => DeltaObject, { nullable: true, description: 'Where all differences are of numbers' })
  maxDelta!: DeltaObject | null;

  @Field(() => [SampleObject], { description: 'Drawn evenly from all of them' })
  samples!: SampleObject[];

  @Field(() => String, { description: 'The candidate’s version in which it was seen first' })
  firstVersion!: string;

  @Field(() => String)
  lastVersion!: string;

  @Field(() => DateTime)
  firstAt!: Date;

  @Field(() => DateTime)
  lastAt!: Date;
}

@Resolver(() => ParallelRunObject)
@RequirePermission('parallelRun.read')
export class RunFindingsResolver {
  constructor(private readonly findings: RunFindings) {}

  @ResolveField(() => [SignatureObject], {
    nullable: true,
    complexity: 20,
    description: 'Faults of the current epoch, those with the most excess over noise first; there are at most 500',
  })
  async signatures(
    @Context() ctx: RequestContext,
    @Parent() { project, key }: ParallelRunNode,
    @Args('environment') environment: string,
    @Args('first', { type: () => Int, defaultValue: 20 }) first: number,
  ): Promise<SignatureObject[]> {
    const { limit } = pageRequestOf({ first });
    const ranked = await this.findings.signatures(ctx, { project, environment, run: key });
    return ranked.slice(0, limit).map(toSignatureNode);
  }

  @ResolveField(() => [MinuteObject], {
    nullable: true,
    complexity: 100,
    description: 'Minute by minute, up to 7 days of the last 30; a minute without inputs is absent',
  })
  minutes(
    @Context() ctx: RequestContext,
    @Parent() { project, key }: ParallelRunNode,
    @Args('environment') environment: string,
    @Args('from', { type: () => DateTime, nullable: true, description: 'An hour before the end unless said' })
    from?: Date | null,
    @Args('to', { type: () => DateTime, nullable: true, description: 'Now unless said' }) to?: Date | null,
  ): Promise<readonly RunMinute[]> {
    const asked = { from: from ?? undefined, to: to ?? undefined };
    return this.findings.minutes(ctx, { project, environment, run: key }, asked);
  }

  @ResolveField(() => CertificateConnection, {
    nullable: true,
    complexity: 10,
    description: 'All that was ever found, newest first',
  })
  async certificates(
    @Context() ctx: RequestContext,
    @Parent() { project, key }: ParallelRunNode,
    @Args('environment') environment: string,
    @Args() asked: PageArgs,
  ): Promise<Connection<CertificateObject>> {
    const page = await this.findings.list(ctx, { project, environment, run: key }, pageRequestOf(asked, isId));
    return toConnection({ ...page, items: page.items.map(toCertificateNode) }, asked, ({ id }) => id);
  }
}

export function toCertificateNode(certificate: Certificate): CertificateObject {
  const { statement } = certificate;
  // A statement is JSON by construction.
  return { ...certificate, sentence: statement.assessment.sentence, statement: statement as unknown as Json };
}

function toSignatureNode({ twins, places, strata, samples, ...signature }: RankedSignature): SignatureObject {
  return {
    ...signature,
    places: [...places],
    noise: twins,
    strata: [...strata],
    samples: samples.map(({ values, ...sample }) => ({ ...sample, values: values.map(toValueNode) })),
  };
}

function toValueNode({ path, control, candidate }: RankedSignature['samples'][number]['values'][number]) {
  return { path, control: toRedactedNode(control), candidate: toRedactedNode(candidate) };
}

function toRedactedNode(value: { readonly digest: string } | { readonly raw: string } | { readonly absent: true }) {
  return { ...value, absent: 'absent' in value };
}
