import { Injectable } from '@nestjs/common';
import { EventSignals } from '../events/index.js';
import { Clock } from '../kernel/clock.js';
import { notFound } from '../kernel/errors.js';
import { type Page, type PageRequest, toPage } from '../kernel/page.js';
import { environmentsInScope, isInScope, refuseShortfall, type RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { type Environment, ProjectsReader } from '../projects/index.js';
import { RolloutsReader } from '../rollouts/index.js';
import { ApprovalsRepository } from './approvals.repository.js';
import type { Release } from './release.js';
import { isSettled } from './release-machine.js';
import { type ReleaseView, toReleaseView } from './release-view.js';
import { type ReleaseFilter, ReleasesRepository } from './releases.repository.js';

const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/u;
/** Events may be lost between replicas: the store is asked this often at least. */
const LOOK_AGAIN_MS = 2_000;

/** A release and where it belongs. */
export interface PlacedRelease {
  readonly release: Release;
  readonly environment: Environment & { readonly projectKey: string };
}

/** Finds releases, within what the caller may see. */
@Injectable()
export class ReleasesReader {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly releases: ReleasesRepository,
    private readonly rollouts: RolloutsReader,
    private readonly approvals: ApprovalsRepository,
    private readonly signals: EventSignals,
    private readonly clock: Clock,
  ) {}

  /** The releases of a project, the newest first. */
  list(
    ctx: RequestContext,
    page: PageRequest,
    { project: key, environment, ...filter }: ListFilter,
  ): Promise<Page<ReleaseView>> {
    return this.transactions.read(async (tx) => {
      const project = await this.projects.project(tx, ctx, key);
      const environmentIds =
        environment === undefined
          ? environmentsInScope(ctx, project.id)
          : [(await this.projects.environment(tx, ctx, project.key, environment)).id];
      const rows = await this.releases.listPage(tx, project.id, page, { ...filter, environmentIds });
      const keys = new Map((await this.projects.environmentsOf(tx, project.id)).map(({ id, key }) => [id, key]));
      const views = await this.views(tx, rows, ({ environmentId }) => {
        return { project: project.key, environment: keys.get(environmentId) ?? '' };
      });
      return toPage(views, page.limit, ({ id }) => id);
    });
  }

  get(ctx: RequestContext, id: string): Promise<ReleaseView> {
    return this.transactions.read(async (tx) => {
      const { release, environment } = await this.require(tx, ctx, id);
      return this.view(tx, release, keysOf(environment));
    });
  }

  /** Answers once nothing more happens to a release by itself, or as it is when the time is up. */
  async wait(ctx: RequestContext, id: string, { timeoutMs, signal }: Patience): Promise<ReleaseView> {
    const end = this.clock.now().getTime() + timeoutMs;
    for (;;) {
      const { projectId } = await this.get(ctx, id);
      const left = end - this.clock.now().getTime();
      const wake = this.signals.next(
        { projectId, subjectPrefix: `release/${id}` },
        { timeoutMs: Math.max(0, Math.min(LOOK_AGAIN_MS, left)), signal },
      );
      const release = await this.get(ctx, id);
      if (isSettled(release.status) || left <= 0) return release;
      if ((await wake) === 'aborted') return release;
    }
  }

  /** Throws `notFound` for a release that is not there or that the caller may not see. */
  async require(tx: Transaction, ctx: RequestContext, id: string): Promise<PlacedRelease> {
    const release = ID.test(id) ? await this.releases.find(tx, id) : null;
    const environment = release && (await this.projects.environmentById(tx, release.environmentId));
    if (release !== null && environment !== null) {
      if (isInScope(ctx, release.projectId, release.environmentId)) return { release, environment };
      refuseShortfall(ctx, release);
    }
    const who = ctx.actor.kind === 'person' ? 'you' : 'this token';
    throw notFound('RELEASE_NOT_FOUND', `There is no release "${id}" that ${who} can see.`);
  }

  async view(tx: Transaction, release: Release, keys: ReleaseKeys): Promise<ReleaseView> {
    const [view] = await this.views(tx, [release], () => keys);
    // views answers one for one.
    return view as ReleaseView;
  }

  /** Releases as callers see them, in the order given, in as many questions for many as for one. */
  async views(
    tx: Transaction,
    releases: readonly Release[],
    keysOf: (release: Release) => ReleaseKeys,
  ): Promise<readonly ReleaseView[]> {
    const begun = releases.filter(({ attempt }) => attempt > 0);
    const rollouts = await this.rollouts.attempts(
      tx,
      begun.map(({ id: releaseId, attempt }) => ({ releaseId, attempt })),
    );
    const approvals = await this.approvals.listOf(
      tx,
      releases.map(({ id }) => id),
    );
    return releases.map((release) =>
      toReleaseView(release, {
        ...keysOf(release),
        rollout: rollouts.get(release.id) ?? null,
        approvals: approvals.get(release.id) ?? [],
      }),
    );
  }
}

/** Which releases of which project a list shows. */
type ListFilter = Omit<ReleaseFilter, 'environmentIds'> & {
  readonly project: string;
  readonly environment?: string | undefined;
};

/** The keys of where a release belongs. */
export interface ReleaseKeys {
  readonly project: string;
  readonly environment: string;
}

export function keysOf({ key, projectKey }: PlacedRelease['environment']): ReleaseKeys {
  return { project: projectKey, environment: key };
}

interface Patience {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}
