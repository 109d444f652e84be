import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { invalid, notFound } from '../kernel/errors.js';
import { type Page, type PageRequest, toPage } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import type { Certificate } from './certificate.js';
import { CertificatesRepository } from './certificates.repository.js';
import type { RunMinute } from './merge-run-reports.js';
import { ParallelRunStandings } from './parallel-run-standings.service.js';
import { placeOf, type PlacedRun, RunCatalog, toCertificate } from './run-catalog.service.js';
import { RunFaults } from './run-faults.service.js';
import { type RankedSignature } from './rank-signatures.js';
import { type PlacedRunKeys, type PlacedRunSettings } from './run-settings.service.js';
import { withoutKey } from './run-settings.js';
import { RunSumsRepository } from './run-sums.repository.js';
import type { CandidateStanding } from './standing.js';

/** Settings of a run in an environment, and how it stands there. */
export type PlacedRunView = PlacedRunSettings & { readonly candidates: readonly CandidateView[] };

export type CandidateView = CandidateStanding & {
  /** Of all versions, those with the most excess over noise; of several live pairs the newest has them. */
  readonly signatures: readonly RankedSignature[];
};

/** A series of minutes. */
export interface MinutesQuestion {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

const HOUR_MS = 3_600_000;
const MAX_SPAN_MS = 7 * 24 * HOUR_MS;

/** What was compared and found of a run in an environment. */
@Injectable()
export class RunFindings {
  // Eight, because it answers all that people ask of one place.
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly catalog: RunCatalog,
    private readonly standings: ParallelRunStandings,
    private readonly faults: RunFaults,
    private readonly certificates: CertificatesRepository,
    private readonly sums: RunSumsRepository,
    private readonly clock: Clock,
  ) {}

  show(ctx: RequestContext, at: PlacedRunKeys): Promise<PlacedRunView> {
    return this.read(ctx, at, async (tx, place) => {
      const settings = await this.catalog.settingsOf(tx, place);
      const { candidates } = await this.standings.ofPlaced(tx, place);
      const signatures = await this.faults.topOf(tx, place, settings.epoch);
      return {
        ...{ run: place.run.key, environment: place.environment.key, ...withoutKey(settings) },
        candidates: candidates.map((each) => {
          const { candidate } = each.total;
          const isNewest = each === newestOf(candidates, candidate);
          return { ...each, signatures: (isNewest ? signatures.get(candidate) : undefined) ?? [] };
        }),
      };
    });
  }

  /** The faults of all candidates in the current epoch, those with the most excess over noise first. */
  signatures(ctx: RequestContext, at: PlacedRunKeys): Promise<readonly RankedSignature[]> {
    return this.read(ctx, at, async (tx, place) => {
      const { epoch } = await this.catalog.settingsOf(tx, place);
      const ranked = await this.faults.rankedOf(tx, place, epoch);
      return [...ranked.values()].flat().sort((a, b) => b.excess - a.excess || b.n - a.n);
    });
  }

  /** All that was ever found here, newest first. */
  list(ctx: RequestContext, at: PlacedRunKeys, page: PageRequest): Promise<Page<Certificate>> {
    return this.read(ctx, at, async (tx, place) => {
      const found = await this.certificates.listPage(tx, placeOf(place), page);
      const certificates = found.map((certificate) => toCertificate(certificate, place));
      return toPage(certificates, page.limit, ({ id }) => id);
    });
  }

  /** The certificate that stands for the newest versions; throws `notFound` with what it lacks. */
  current(ctx: RequestContext, at: PlacedRunKeys, candidate: string | undefined): Promise<Certificate> {
    return this.read(ctx, at, async (tx, place) => {
      const { candidates } = await this.standings.ofPlaced(tx, place);
      const standing = choose(candidates, candidate);
      if (standing?.certificate) return standing.certificate;
      const what = `There is no certificate of "${place.run.key}" in ${place.environment.key}`;
      if (standing === undefined) {
        throw notFound('CERTIFICATE_NOT_FOUND', `${what}: nothing was compared since its current epoch began.`);
      }
      const { finding, lacks } = standing.assessment;
      const why = finding === 'certified' ? 'It is about to be issued.' : '';
      throw notFound('CERTIFICATE_NOT_FOUND', [`${what}.`, ...lacks, why].filter(Boolean).join(' '), {
        data: { finding, lacks },
      });
    });
  }

  minutes(ctx: RequestContext, at: PlacedRunKeys, { from, to }: MinutesQuestion): Promise<readonly RunMinute[]> {
    const end = to ?? this.clock.now();
    const begin = from ?? new Date(end.getTime() - HOUR_MS);
    if (begin >= end || end.getTime() - begin.getTime() > MAX_SPAN_MS) {
      throw invalid('SPAN_OUT_OF_RANGE', '"from" must be before "to", and at most 7 days.');
    }
    return this.read(ctx, at, (tx, place) => this.sums.listMinutes(tx, placeOf(place), { from: begin, to: end }));
  }

  private read<T>(
    ctx: RequestContext,
    at: PlacedRunKeys,
    answer: (tx: Transaction, place: PlacedRun) => Promise<T>,
  ): Promise<T> {
    return this.transactions.read(async (tx) => {
      const project = await this.projects.project(tx, ctx, at.project);
      const environment = await this.projects.environment(tx, ctx, at.project, at.environment);
      return answer(tx, { environment, run: await this.catalog.require(tx, project, at.run) });
    });
  }
}

/** The newest versions of the candidate that is asked for, or of the only one. */
function choose(candidates: readonly CandidateStanding[], name: string | undefined): CandidateStanding | undefined {
  if (name !== undefined) return newestOf(candidates, name);
  const names = [...new Set(candidates.map(({ total }) => total.candidate))];
  if (names.length <= 1) return candidates.at(-1);
  throw invalid(
    'CANDIDATE_AMBIGUOUS',
    `The run has several candidates: name one of ${names.join(', ')} in ?candidate=.`,
  );
}

function newestOf(candidates: readonly CandidateStanding[], name: string): CandidateStanding | undefined {
  return candidates.findLast(({ total }) => total.candidate === name);
}
