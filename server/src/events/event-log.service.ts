import { Injectable } from '@nestjs/common';
import { Ids } from '../kernel/ids.js';
import type { Transaction } from '../kernel/transactions.js';
import { Outbox } from '../platform/outbox/outbox.js';
import { EVENT_APPENDED } from './event-appended.js';
import type { EventDraft, EventRecord } from './event-record.js';
import { EventsRepository } from './events.repository.js';

/** Where use cases write down what has happened, for those outside who listen. */
@Injectable()
export class EventLog {
  constructor(
    private readonly events: EventsRepository,
    private readonly ids: Ids,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Stores an event inside the transaction of what it tells of; readers wake when that has committed. Call it late, as
   * the audit log: every other writer of either waits until this transaction is over.
   */
  async append(tx: Transaction, draft: EventDraft): Promise<EventRecord> {
    const event = await this.events.append(tx, this.ids.next(), draft);
    const { sequence, projectId, environmentId, type, subject, data } = event;
    const at = event.at.toISOString();
    await this.outbox.append(tx, EVENT_APPENDED, { sequence, projectId, environmentId, type, subject, data, at });
    return event;
  }
}
