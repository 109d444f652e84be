import { Injectable } from '@nestjs/common';
import { EventSignals } from '../events/index.js';
import { Clock } from '../kernel/clock.js';
import { notFound } from '../kernel/errors.js';
import { type Page, type PageRequest, toPage } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { type Environment, ProjectsReader } from '../projects/index.js';
import { RolloutsReader } from '../rollouts/index.js';
import { ApprovalsRepository } from './approvals.repository.js';
import type { Release } from './release.js';
import { isSettled, type ReleaseStatus } from './release-machine.js';
import { type ReleaseView, toReleaseView } from './release-view.js';
import { ReleasesRepository } from './releases.repository.js';

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

  list(
    ctx: RequestContext,
    page: PageRequest,
    filter: {
      readonly project: string;
      readonly environment?: string | undefined;
      readonly status?: ReleaseStatus | undefined;
    },
  ): Promise<Page<ReleaseView>> {
    return this.transactions.read(async (tx) => {
      const project = await this.projects.project(tx, ctx, filter.project);
      const named = filter.environment;
      const environmentId =
        named === undefined ? ctx.environmentId : (await this.projects.environment(tx, ctx, project.key, named)).id;
      const rows = await this.releases.listPage(tx, project.id, page, { environmentId, status: filter.status });
      const keys = new Map((await this.projects.environmentsOf(tx, project.id)).map(({ id, key }) => [id, key]));
      const views: ReleaseView[] = [];
      for (const release of rows)
        views.push(
          await this.view(tx, release, { project: project.key, environment: keys.get(release.environmentId) ?? '' }),
        );
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
    const isVisible =
      release !== null &&
      (ctx.projectId === undefined || ctx.projectId === release.projectId) &&
      (ctx.environmentId === undefined || ctx.environmentId === release.environmentId);
    if (isVisible && environment !== null) return { release, environment };
    throw notFound('RELEASE_NOT_FOUND', `There is no release "${id}" that this token can see.`);
  }

  async view(tx: Transaction, release: Release, keys: ReleaseKeys): Promise<ReleaseView> {
    return toReleaseView(release, {
      ...keys,
      rollout: release.attempt === 0 ? null : await this.rollouts.attempt(tx, release.id, release.attempt),
      approvals: await this.approvals.list(tx, release.id),
    });
  }
}

/** The keys of where a release belongs. */
interface ReleaseKeys {
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
