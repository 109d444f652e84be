import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import type { EventRecord } from './event-record.js';
import { EventsRepository } from './events.repository.js';

/** Answers other modules' questions about what has happened. */
@Injectable()
export class EventsReader {
  constructor(private readonly events: EventsRepository) {}

  /** All events of a project behind a sequence, in order, at most as many as asked. */
  listAfter(
    tx: Transaction,
    projectId: string,
    stretch: { readonly after: number; readonly limit: number },
  ): Promise<readonly EventRecord[]> {
    return this.events.listAfter(tx, projectId, stretch);
  }

  /** What has happened to one thing since a moment, in order, at most so many. */
  listOfSubject(
    tx: Transaction,
    projectId: string,
    stretch: { readonly subject: string; readonly since: Date; readonly limit: number },
  ): Promise<readonly EventRecord[]> {
    return this.events.listOfSubject(tx, projectId, stretch);
  }

  /** Those of the named events that are still kept, in no order. */
  findMany(tx: Transaction, sequences: readonly number[]): Promise<readonly EventRecord[]> {
    return this.events.findMany(tx, sequences);
  }

  /** The sequence behind which all events are yet to happen. */
  newest(tx: Transaction): Promise<number> {
    return this.events.newest(tx);
  }

  /** The sequence of the newest event of each project that has any. */
  newestOf(tx: Transaction, projectIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.events.newestOf(tx, projectIds);
  }
}
