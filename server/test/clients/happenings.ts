import { EventLog, type EventDraft, type EventRecord } from '../../src/events/index.js';
import { Transactions } from '../../src/kernel/transactions.js';
import type { RunningServer } from '../../src/start-server.js';
import { anEvent } from '../builders/an-event.js';

type Happening = Partial<Omit<EventDraft, 'projectId'>> & { readonly projectId: string };

/** Lets something happen on a running server, as one of its use cases would write it down. */
export function happen({ app }: RunningServer, event: Happening): Promise<EventRecord> {
  return app.get(Transactions).run((tx) => app.get(EventLog, { strict: false }).append(tx, anEvent(event)));
}
