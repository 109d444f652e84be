import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { EventLog } from '../events/index.js';
import { Clock } from '../kernel/clock.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import type { Release } from './release.js';
import { eventOf } from './release-event.js';

/** Puts what was done to a release on record, and tells of it. */
@Injectable()
export class ReleaseRecord {
  constructor(
    private readonly events: EventLog,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async created(tx: Transaction, ctx: RequestContext, release: Release): Promise<void> {
    const now = this.clock.now();
    await this.events.append(tx, eventOf('dev.sluice.release.created', release, now));
    if (release.scheduledAt !== null) {
      await this.events.append(tx, eventOf('dev.sluice.release.scheduled', release, now));
    }
    const { id, projectId } = release;
    await this.audit.record(tx, ctx, 'release.created', { projectId, subject: `release/${id}`, after: release });
  }

  async changed(
    tx: Transaction,
    ctx: RequestContext,
    what: 'aborted' | 'approved',
    { before, after }: { readonly before: Release; readonly after: Release },
  ): Promise<void> {
    await this.events.append(tx, eventOf(`dev.sluice.release.${what}`, after, this.clock.now()));
    const subject = `release/${after.id}`;
    await this.audit.record(tx, ctx, `release.${what}`, { projectId: after.projectId, subject, before, after });
  }
}
