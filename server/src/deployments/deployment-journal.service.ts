import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { cdEventContent, EventLog } from '../events/index.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import { eventTypeOf, type PlacedDeployment } from './deployment.js';
import type { Service } from './service.js';

/** What a report brought about. */
export interface ReportEffects {
  readonly deployment: PlacedDeployment;
  /** The service, where the report made it. */
  readonly createdService: Service | undefined;
  /** All callers are sent to the version, because there was none before. */
  readonly becameStable: boolean;
  /** Other versions of the service are installed in the environment. */
  readonly hasOthers: boolean;
}

/** Puts reports on record, for those who look back and for those who listen. */
@Injectable()
export class DeploymentJournal {
  constructor(
    private readonly audit: AuditService,
    private readonly events: EventLog,
  ) {}

  async record(tx: Transaction, ctx: RequestContext, projectId: string, effects: ReportEffects): Promise<void> {
    const { deployment, createdService, becameStable, hasOthers } = effects;
    const subject = `service/${deployment.service}`;
    if (createdService !== undefined) {
      const after = { ...createdService, reason: 'It is named by its first deployment.' };
      await this.audit.record(tx, ctx, 'service.created', { projectId, subject, after });
    }
    const after = becameStable ? { ...deployment, ...MADE_STABLE } : deployment;
    const where = `${subject}/${deployment.environment}`;
    await this.audit.record(tx, ctx, 'deployment.reported', { projectId, subject: where, after });
    const type = eventTypeOf(deployment.state, hasOthers);
    if (type === undefined) return;
    const { service, environment, environmentId, digest, state, at } = deployment;
    const data = cdEventContent({ environment, ...(state === 'installed' && { artifact: { service, digest } }) });
    await this.events.append(tx, { projectId, environmentId, type, subject, data, at });
  }
}

const MADE_STABLE = {
  becameStable: true,
  reason: 'It is the first version of the service here: there is nothing to compare it with, so it has all callers.',
};
