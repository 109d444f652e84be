import { Injectable } from '@nestjs/common';
import { type DueFlag, FlagRetirement } from '../flags/index.js';
import { type GuardrailAlarms, GuardrailsReader } from '../guardrails/index.js';
import { Clock } from '../kernel/clock.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { ParallelRunsReader, type RefutedRun } from '../parallel-runs/index.js';
import { type VisibleEnvironment, VisibleEnvironments } from '../projects/index.js';
import { type LatestVerdict, RolloutsReader } from '../rollouts/index.js';
import { type AttentionItem, rankAttention } from './rank-attention.js';
import { releaseAttention } from './release-attention.js';
import type { ReleaseView } from './release-view.js';
import { ReleasesReader } from './releases-reader.service.js';
import { ReleasesRepository } from './releases.repository.js';
import { stateSentence } from './state-sentence.js';

const DAY_MS = 86_400_000;
/** What is due later is not yet anybody's worry. */
const DUE_WITHIN_MS = 7 * DAY_MS;
/** What happened before is no news. */
const NEWS_MS = 7 * DAY_MS;
/** Of each kind of source, so that the page of a large instance stays cheap. */
const MOST = 200;
const MAX_VERDICTS = 20;

/** What was judged last of a release. */
export interface OverviewVerdict {
  readonly release: ReleaseView;
  readonly state: LatestVerdict['state'];
  /** From 0. */
  readonly stepIndex: number;
  /** Thousandths of a percent. */
  readonly share: number;
  readonly at: Date;
}

/** What people look at first. */
export interface Overview {
  /** The most pressing first. */
  readonly attention: readonly AttentionItem[];
  /** Releases under way, the newest first. */
  readonly inFlight: readonly ReleaseView[];
  /** The newest first. */
  readonly lastVerdicts: readonly OverviewVerdict[];
  readonly guardrails: GuardrailAlarms['counts'];
}

interface Found {
  readonly places: ReadonlyMap<string, VisibleEnvironment>;
  readonly releases: readonly ReleaseView[];
  readonly flags: readonly DueFlag[];
  readonly alarms: GuardrailAlarms;
  readonly refuted: readonly RefutedRun[];
}

/** Puts together what needs somebody's attention, in a fixed number of questions however much there is. */
@Injectable()
export class Overviews {
  // Nine, for anything may need attention.
  constructor(
    private readonly transactions: Transactions,
    private readonly visible: VisibleEnvironments,
    private readonly releases: ReleasesRepository,
    private readonly reader: ReleasesReader,
    private readonly rollouts: RolloutsReader,
    private readonly guardrails: GuardrailsReader,
    private readonly runs: ParallelRunsReader,
    private readonly flags: FlagRetirement,
    private readonly clock: Clock,
  ) {}

  /** Of one project, or of all that the caller may see. */
  overview(ctx: RequestContext, project?: string): Promise<Overview> {
    return this.transactions.read(async (tx) => {
      const environments = await this.visible.list(tx, ctx, project);
      const places = new Map(environments.map((each) => [each.id, each]));
      const environmentIds = [...places.keys()];
      const now = this.clock.now();
      const since = new Date(now.getTime() - NEWS_MS);
      const latest = await this.rollouts.latestVerdicts(tx, environmentIds, { endedSince: since, limit: MAX_VERDICTS });
      const releases = await this.releasesOf(tx, places, latest);
      const found = {
        places,
        releases,
        flags: await this.flagsOf(tx, environments, new Date(now.getTime() + DUE_WITHIN_MS)),
        alarms: await this.guardrails.alarms(tx, environmentIds),
        refuted: await this.runs.refuted(tx, environmentIds, { since, limit: MOST }),
      };
      return {
        attention: rankAttention(attentionOf(found, now)),
        inFlight: releases.filter(({ status }) => status === 'running' || status === 'holding'),
        lastVerdicts: verdictsOf(latest, releases),
        guardrails: found.alarms.counts,
      };
    });
  }

  /** Those that may yet do something, and those that were judged last. */
  private async releasesOf(
    tx: Transaction,
    places: Found['places'],
    latest: readonly LatestVerdict[],
  ): Promise<readonly ReleaseView[]> {
    const ids = [...places.keys()];
    const underWay = await this.releases.listStanding(tx, ids, { statuses: ['running', 'holding'], limit: MOST });
    const waiting = await this.releases.listStanding(tx, ids, {
      statuses: ['draft', 'scheduled', 'queued'],
      limit: MOST,
    });
    const open = [...underWay, ...waiting];
    const known = new Set(open.map(({ id }) => id));
    const judged = latest.map(({ releaseId }) => releaseId).filter((id) => !known.has(id));
    const others = await this.releases.listById(tx, judged);
    return this.reader.views(tx, [...open, ...others], ({ environmentId }) => {
      const place = places.get(environmentId);
      return { project: place?.projectKey ?? '', environment: place?.key ?? '' };
    });
  }

  /** Flags are of whole projects: whoever sees an environment of one sees when its flags are due. */
  private flagsOf(
    tx: Transaction,
    environments: readonly VisibleEnvironment[],
    before: Date,
  ): Promise<readonly DueFlag[]> {
    const projectIds = [...new Set(environments.map(({ projectId }) => projectId))];
    return this.flags.due(tx, projectIds, { before, limit: MOST });
  }
}

function attentionOf({ places, releases, flags, alarms, refuted }: Found, now: Date): readonly AttentionItem[] {
  const placed = (environmentId: string): Pick<AttentionItem, 'project' | 'environment' | 'isProduction'> => {
    const place = places.get(environmentId);
    return {
      project: place?.projectKey ?? '',
      environment: place?.key ?? null,
      isProduction: place?.production ?? false,
    };
  };
  const projects = new Map([...places.values()].map(({ projectId, projectKey }) => [projectId, projectKey]));
  return [
    ...releases.flatMap((release) => {
      const attention = releaseAttention(release, now);
      if (attention === undefined) return [];
      const { id, name, environmentId } = release;
      const sentence = stateSentence(release, now);
      return [
        { ...attention, ...placed(environmentId), title: name, sentence, target: 'release' as const, targetId: id },
      ];
    }),
    ...alarms.broken.map(({ environmentId, key, name, reason, state, changedAt }) => ({
      kind: 'guardrailBroken' as const,
      ...placed(environmentId),
      title: name,
      sentence: state === 'acknowledged' ? `Broken, and acknowledged. ${reason}` : `Broken. ${reason}`,
      since: changedAt,
      target: 'guardrail' as const,
      targetId: key,
    })),
    ...refuted.map(({ environmentId, run, candidate, candidateVersion, at }) => ({
      kind: 'refutedRun' as const,
      ...placed(environmentId),
      title: run,
      sentence: `${candidate}${candidateVersion === '' ? '' : ` ${candidateVersion}`} is not equivalent.`,
      since: at,
      target: 'parallelRun' as const,
      targetId: run,
    })),
    ...flags.map(({ projectId, key, dueAt }) => ({
      kind: dueAt < now ? ('overdueFlag' as const) : ('dueFlag' as const),
      project: projects.get(projectId) ?? '',
      environment: null,
      isProduction: false,
      title: key,
      sentence: `The flag, and the code it decides between, ${dueAt < now ? 'was' : 'is'} to be gone by ${dueAt.toISOString().slice(0, 10)}.`,
      since: dueAt,
      target: 'flag' as const,
      targetId: key,
    })),
  ];
}

function verdictsOf(latest: readonly LatestVerdict[], releases: readonly ReleaseView[]): readonly OverviewVerdict[] {
  const known = new Map(releases.map((release) => [release.id, release]));
  return latest.flatMap(({ releaseId, state, stepIndex, share, at }) => {
    const release = known.get(releaseId);
    return release === undefined ? [] : [{ release, state, stepIndex, share, at }];
  });
}
