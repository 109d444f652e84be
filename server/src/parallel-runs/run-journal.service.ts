import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { EventLog, type EventDraft, type EventType } from '../events/index.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import type { Certificate } from './certificate.js';
import type { ParallelRunSettings } from './parallel-run.js';
import type { PlacedRun } from './run-catalog.service.js';
import { withoutKey } from './run-settings.js';

/** A change of settings, and why. */
export interface SettingsChange {
  readonly before: ParallelRunSettings;
  readonly after: ParallelRunSettings;
  readonly action: string;
  /** Why evidence begins anew, or the share changes: a full sentence; empty where nobody said. */
  readonly reason: string;
  readonly at: Date;
}

/** Puts what happens to runs on record, for those who look back and for those who listen. */
@Injectable()
export class RunJournal {
  constructor(
    private readonly events: EventLog,
    private readonly audit: AuditService,
  ) {}

  async changed(tx: Transaction, ctx: RequestContext, place: PlacedRun, change: SettingsChange): Promise<void> {
    const { before, after, action, reason, at } = change;
    const draft = (type: EventType, data: EventDraft['data']) => draftOf(place, type, at, { ...data, reason });
    if (after.epoch !== before.epoch) {
      await this.events.append(tx, draft('dev.sluice.parallelRun.renewed', { epoch: after.epoch }));
    }
    if (after.share !== before.share) {
      await this.events.append(tx, draft('dev.sluice.parallelRun.shared', { share: after.share, from: before.share }));
    }
    await this.audit.record(tx, ctx, action, {
      ...subjectOf(place),
      before: withoutKey(before),
      after: { ...withoutKey(after), ...(reason === '' ? {} : { reason }) },
    });
  }

  async found(tx: Transaction, ctx: RequestContext, place: PlacedRun, certificate: Certificate): Promise<void> {
    const { finding, at } = certificate;
    await this.events.append(tx, draftOf(place, `dev.sluice.parallelRun.${finding}`, at, dataOf(certificate)));
    await this.audit.record(tx, ctx, `parallelRun.${finding}`, { ...subjectOf(place), after: certificate });
  }

  async voided(
    tx: Transaction,
    ctx: RequestContext,
    place: PlacedRun,
    before: Certificate,
    voided: { readonly at: Date; readonly reason: string },
  ): Promise<void> {
    const data = { ...dataOf(before), reason: voided.reason };
    await this.events.append(tx, draftOf(place, 'dev.sluice.parallelRun.voided', voided.at, data));
    const about = ({ id, finding, candidate, controlVersion, candidateVersion }: Certificate) => {
      return { id, finding, candidate, controlVersion, candidateVersion };
    };
    const after = { ...about(before), voidedAt: voided.at, voidReason: voided.reason };
    const action = 'parallelRun.certificate.voided';
    await this.audit.record(tx, ctx, action, { ...subjectOf(place), before: about(before), after });
  }
}

function subjectOf({ run, environment }: PlacedRun) {
  return { projectId: run.projectId, subject: `parallel-run/${run.key}/${environment.key}` };
}

function draftOf({ run, environment }: PlacedRun, type: EventType, at: Date, data: EventDraft['data']): EventDraft {
  return {
    projectId: run.projectId,
    environmentId: environment.id,
    type,
    subject: `parallel-run/${run.key}`,
    data: { key: run.key, environment: environment.key, ...data },
    at,
  };
}

function dataOf({
  id,
  finding,
  epoch,
  candidate,
  controlVersion,
  candidateVersion,
  statement,
}: Certificate): EventDraft['data'] {
  const { sentence, equivalence } = statement.assessment;
  const { n, x, tolerance } = equivalence;
  return { certificate: id, finding, epoch, candidate, controlVersion, candidateVersion, n, x, tolerance, sentence };
}
