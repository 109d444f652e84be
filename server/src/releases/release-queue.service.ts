import { Injectable, Logger } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { EventLog } from '../events/index.js';
import { Clock } from '../kernel/clock.js';
import { SluiceError } from '../kernel/errors.js';
import { Ids } from '../kernel/ids.js';
import type { RequestContext } from '../kernel/request-context.js';
import { endSentence } from '../kernel/sentence.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { EnvironmentRevisions, ProjectsReader } from '../projects/index.js';
import { Rollouts } from '../rollouts/index.js';
import type { Release } from './release.js';
import { eventOf } from './release-event.js';
import { ReleaseStarts } from './release-starts.service.js';
import { ReleasesRepository } from './releases.repository.js';

const BATCH = 100;
/** What only time or other people change: such a release stays where it is, and is tried again. */
const PASSING: ReadonlySet<string> = new Set(['FROZEN', 'APPROVAL_MISSING', 'EDIT_COLLIDED', 'ROLLOUT_MOVED']);

/** Releases that start by themselves: at a time, or when those before them have ended. */
@Injectable()
export class ReleaseQueue {
  private readonly logger = new Logger(ReleaseQueue.name);

  // Ten: a start is tried, and a refusal is on record and told of.
  constructor(
    private readonly transactions: Transactions,
    private readonly revisions: EnvironmentRevisions,
    private readonly projects: ProjectsReader,
    private readonly releases: ReleasesRepository,
    private readonly starts: ReleaseStarts,
    private readonly rollouts: Rollouts,
    private readonly events: EventLog,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Starts every release that may start now, the oldest first. */
  async startDue(): Promise<void> {
    const due = await this.transactions.read((tx) => this.releases.listWaiting(tx, this.clock.now(), BATCH));
    for (const { id, environmentId } of due) {
      try {
        await this.transactions.run((tx) => this.startOne(tx, id, environmentId));
      } catch (error) {
        // One that cannot be started must not keep those behind it from starting.
        await this.takeRefusal(id, environmentId, error).catch((failure: unknown) => {
          this.logger.error(failure, `Release ${id} could not start by itself; trying again.`);
        });
      }
    }
  }

  private async startOne(tx: Transaction, id: string, environmentId: string): Promise<void> {
    await this.revisions.lock(tx, environmentId);
    await this.rollouts.hold(tx, environmentId);
    const release = await this.releases.find(tx, id);
    const environment = await this.projects.environmentById(tx, environmentId);
    if (release === null || environment === null || !isWaiting(release)) return;
    const place = { environment, project: { id: release.projectId, key: environment.projectKey } };
    await this.starts.start(tx, this.context(), { release, place }, { overrideRejection: null });
  }

  /** A release that cannot start any more goes back to its author, with the reason. */
  private async takeRefusal(id: string, environmentId: string, error: unknown): Promise<void> {
    if (!(error instanceof SluiceError) || error.kind === 'unavailable') throw error;
    if (error.kind === 'conflict' && PASSING.has(error.code)) return;
    if (PASSING.has(error.code)) return this.noteWait(id, environmentId, error);
    this.logger.warn(error, `Release ${id} could not start by itself.`);
    await this.transactions.run(async (tx) => {
      await this.revisions.lock(tx, environmentId);
      const before = await this.releases.find(tx, id);
      if (before === null || !isWaiting(before)) return;
      const sentence = endSentence(`Could not start by itself: ${error.message}`);
      const reason = { code: 'START_REFUSED', sentence } as const;
      const isOver = before.status === 'queued';
      const now = this.clock.now();
      const after = await this.releases.save(
        tx,
        isOver ? { ...before, status: 'aborted', reason, finishedAt: now } : { ...before, status: 'draft', reason },
      );
      if (isOver) await this.events.append(tx, eventOf('dev.sluice.release.aborted', after, now));
      const subject = `release/${id}`;
      await this.audit.record(tx, this.context(), 'release.refused', {
        projectId: before.projectId,
        subject,
        before,
        after,
      });
    });
  }

  /** What keeps a release waiting stands in the release, once. */
  private async noteWait(id: string, environmentId: string, { code, message, data }: SluiceError): Promise<void> {
    await this.transactions.run(async (tx) => {
      await this.revisions.lock(tx, environmentId);
      const before = await this.releases.find(tx, id);
      if (before === null || !isWaiting(before) || before.reason.sentence === message) return;
      const until = typeof data['until'] === 'string' ? { until: data['until'] } : {};
      const reason = { code: code === 'FROZEN' ? 'FROZEN' : 'APPROVAL_MISSING', sentence: message, ...until } as const;
      await this.releases.save(tx, { ...before, reason });
    });
  }

  private context(): RequestContext {
    return {
      actor: { kind: 'system', id: 'release-queue', name: 'Release queue' },
      requestId: this.ids.next(),
      traceparent: undefined,
      scope: 'instance',
    };
  }
}

function isWaiting({ status }: Release): boolean {
  return status === 'scheduled' || status === 'queued';
}
