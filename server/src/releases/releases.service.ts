import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import canonicalize from 'canonicalize';
import { AuditService } from '../audit/index.js';
import { ServicesReader, ServiceTraffics } from '../deployments/index.js';
import { EventLog } from '../events/index.js';
import { Clock } from '../kernel/clock.js';
import { conflict } from '../kernel/errors.js';
import { Ids } from '../kernel/ids.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { PoliciesReader } from '../policies/index.js';
import { EnvironmentRevisions, ProjectsReader } from '../projects/index.js';
import { type RolloutPlace, Rollouts } from '../rollouts/index.js';
import { PatternVetting } from '../segments/index.js';
import { type DraftChange, parseReleaseDraft, type ReleaseDraft } from './parse-release.js';
import { naturalKeyOf, type Release, type ReleaseChange } from './release.js';
import { eventOf } from './release-event.js';
import type { ReleaseView } from './release-view.js';
import { ReleaseStarts } from './release-starts.service.js';
import { ReleasesReader } from './releases-reader.service.js';
import { ReleasesRepository } from './releases.repository.js';

/** A release that was asked for, and whether it was not there before. */
export interface CreationOutcome {
  readonly release: ReleaseView;
  readonly isNew: boolean;
}

/** Makes releases. */
@Injectable()
export class ReleasesService {
  // Fifteen, because a release brings together what every other module has: builds, flags, policies, environments.
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly revisions: EnvironmentRevisions,
    private readonly patterns: PatternVetting,
    private readonly policies: PoliciesReader,
    private readonly services: ServicesReader,
    private readonly traffic: ServiceTraffics,
    private readonly rollouts: Rollouts,
    private readonly releases: ReleasesRepository,
    private readonly reader: ReleasesReader,
    private readonly starts: ReleaseStarts,
    private readonly events: EventLog,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * Makes a release, or finds it: the same builds in the same environment are one release for as long as it may still
   * be made or was made. Everything that would keep it from starting as things stand is told at once.
   */
  async create(ctx: RequestContext, body: unknown): Promise<CreationOutcome> {
    await this.patterns.vet(body);
    const now = this.clock.now();
    const draft = parseReleaseDraft(body, { now, nextId: () => this.ids.next() });
    return this.transactions.run(async (tx) => {
      const place = await this.place(tx, ctx, draft);
      await this.revisions.lock(tx, place.environment.id);
      await this.rollouts.hold(tx, place.environment.id);
      const wanted = await this.compose(tx, ctx, draft, place);
      const existing = await this.sameBuilds(tx, wanted);
      const { overrideRejection } = draft;
      const start = (release: Release): Promise<Release> =>
        this.starts.start(tx, ctx, { release, place }, { overrideRejection });
      if (existing !== null) {
        const found = draft.start && existing.status === 'draft' ? await start(existing) : existing;
        return { release: await this.view(tx, found, place), isNew: false };
      }
      await this.rollouts.check(tx, place, wanted.changes);
      await this.starts.requireUnrejected(tx, ctx, wanted, overrideRejection);
      await this.releases.insert(tx, wanted);
      await this.events.append(tx, eventOf('dev.sluice.release.created', wanted, now));
      if (wanted.scheduledAt !== null) {
        await this.events.append(tx, eventOf('dev.sluice.release.scheduled', wanted, now));
      }
      const subject = `release/${wanted.id}`;
      await this.audit.record(tx, ctx, 'release.created', { projectId: wanted.projectId, subject, after: wanted });
      const made = draft.start ? await start(wanted) : wanted;
      return { release: await this.view(tx, made, place), isNew: true };
    });
  }

  private async place(tx: Transaction, ctx: RequestContext, draft: ReleaseDraft): Promise<RolloutPlace> {
    const project = await this.projects.project(tx, ctx, draft.project);
    return { project, environment: await this.projects.environment(tx, ctx, draft.project, draft.environment) };
  }

  private async compose(
    tx: Transaction,
    ctx: RequestContext,
    draft: ReleaseDraft,
    place: RolloutPlace,
  ): Promise<Release> {
    const { environment } = place;
    const project = await this.projects.project(tx, ctx, place.project.key);
    const policy = await this.policies.newest(tx, project, draft.policy, draft.arguments);
    const changes: ReleaseChange[] = [];
    for (const change of draft.changes) changes.push(await this.complete(tx, project.id, change));
    const isScheduled = draft.scheduledAt !== null;
    return {
      id: this.ids.next(),
      projectId: project.id,
      environmentId: environment.id,
      name: draft.name,
      description: draft.description,
      status: isScheduled ? 'scheduled' : 'draft',
      reason: isScheduled
        ? { code: 'SCHEDULED', sentence: 'Starts by itself then.', until: draft.scheduledAt.toISOString() }
        : { code: 'CREATED', sentence: 'Waits to be started.' },
      changes,
      policyKey: policy.key,
      policyVersion: policy.version,
      policy: policy.document,
      contentHash: hashOf({ changes, policy: policy.document }),
      naturalKey: naturalKeyOf(environment.id, changes),
      createdBy: ctx.actor.id,
      attempt: 0,
      scheduledAt: draft.scheduledAt,
      createdAt: this.clock.now(),
      startedAt: null,
      finishedAt: null,
      supersededBy: null,
      confoundedBy: [],
      version: 1,
    };
  }

  /** A service's change with its digest, which is what is released; a version alone may stand for it. */
  private async complete(tx: Transaction, projectId: string, change: DraftChange): Promise<ReleaseChange> {
    if (change.kind === 'flag') return change;
    const { kind, service, version } = change;
    const artifact = await this.services.artifact(tx, projectId, service, version);
    if (change.digest === undefined || change.digest === artifact.digest) {
      return { kind, service, version, digest: artifact.digest };
    }
    const message = `${service} ${version} was reported with the digest ${artifact.digest}, not ${change.digest}.`;
    throw conflict('ARTIFACT_DIFFERS', message, { data: { reported: artifact.digest } });
  }

  private async sameBuilds(tx: Transaction, wanted: Release): Promise<Release | null> {
    const { naturalKey, contentHash } = wanted;
    const existing = naturalKey === null ? null : await this.releases.findNatural(tx, naturalKey);
    if (existing === null || ['rolledBack', 'aborted', 'superseded'].includes(existing.status)) return null;
    // What was released is still the same only while its builds are what everybody gets: else this is a way back.
    if (existing.status === 'released') return (await this.isStable(tx, existing)) ? existing : null;
    if (existing.contentHash === contentHash && isDeepStrictEqual(existing.scheduledAt, wanted.scheduledAt))
      return existing;
    const message =
      `Release ${existing.id} has the same builds in this environment, with other changes, another policy or another ` +
      'schedule. Abort it first, or go on with it.';
    throw conflict('RELEASE_DIFFERS', message, { data: { releaseId: existing.id } });
  }

  private async isStable(tx: Transaction, { projectId, environmentId, changes }: Release): Promise<boolean> {
    for (const change of changes) {
      if (change.kind !== 'service') continue;
      const traffic = await this.traffic.current(tx, { projectId, environmentId, key: change.service });
      if (traffic?.stable.digest !== change.digest) return false;
    }
    return true;
  }

  private view(tx: Transaction, release: Release, { environment, project }: RolloutPlace): Promise<ReleaseView> {
    return this.reader.view(tx, release, { project: project.key, environment: environment.key });
  }
}

function hashOf(content: object): string {
  // Plain JSON has a canonical form.
  return createHash('sha256')
    .update(canonicalize(JSON.parse(JSON.stringify(content))) as string)
    .digest('hex');
}
