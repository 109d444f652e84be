import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { EventsReader } from '../events/index.js';
import { Clock } from '../kernel/clock.js';
import { notFound } from '../kernel/errors.js';
import { type Page, toPage } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { WebhookAccess } from './webhook-access.service.js';
import { WebhookDispatcher } from './webhook-dispatcher.service.js';
import { WebhookQueueRepository } from './webhook-queue.repository.js';
import type { Delivery } from './webhook.js';

/** A delivery and what it is of; null when the event is forgotten. */
export interface ShownDelivery {
  readonly delivery: Delivery;
  readonly event: { readonly id: string; readonly type: string; readonly subject: string } | null;
}

interface WebhookPath {
  readonly project: string;
  readonly id: string;
}

@Injectable()
export class WebhookDeliveries {
  // Seven, because sending again wakes the dispatcher.
  constructor(
    private readonly transactions: Transactions,
    private readonly queue: WebhookQueueRepository,
    private readonly access: WebhookAccess,
    private readonly events: EventsReader,
    private readonly audit: AuditService,
    private readonly dispatcher: WebhookDispatcher,
    private readonly clock: Clock,
  ) {}

  /** The deliveries of a webhook, the newest first; `before` is the sequence of the last one seen. */
  list(
    ctx: RequestContext,
    at: WebhookPath,
    page: { readonly limit: number; readonly before: number | undefined },
  ): Promise<Page<ShownDelivery>> {
    return this.transactions.read(async (tx) => {
      const { id } = await this.access.webhook(tx, ctx, at);
      const rows = await this.queue.list(tx, id, page);
      const { items, nextCursor } = toPage(rows, page.limit, ({ eventSequence }) => String(eventSequence));
      return { items: await this.show(tx, items), nextCursor };
    });
  }

  /** Sends an event once more as soon as possible, with the same id: receivers that have it can tell. */
  retry(ctx: RequestContext, at: WebhookPath, sequence: number): Promise<ShownDelivery> {
    return this.transactions.run(async (tx) => {
      const webhook = await this.access.webhook(tx, ctx, at);
      const delivery = await this.queue.retry(tx, webhook.id, sequence, this.clock.now());
      if (delivery === null) {
        throw notFound('DELIVERY_NOT_FOUND', `Webhook "${at.id}" has no delivery of event ${sequence}; it may be old.`);
      }
      const [shown] = await this.show(tx, [delivery]);
      tx.afterCommit(() => this.dispatcher.wakeSenders());
      await this.audit.record(tx, ctx, 'webhook.delivery.retried', {
        projectId: webhook.projectId,
        subject: `webhook/${webhook.id}`,
        after: { eventSequence: sequence },
      });
      return shown ?? { delivery, event: null };
    });
  }

  private async show(tx: Transaction, deliveries: readonly Delivery[]): Promise<readonly ShownDelivery[]> {
    const found = await this.events.findMany(
      tx,
      deliveries.map(({ eventSequence }) => eventSequence),
    );
    const bySequence = new Map(found.map(({ sequence, id, type, subject }) => [sequence, { id, type, subject }]));
    return deliveries.map((delivery) => ({ delivery, event: bySequence.get(delivery.eventSequence) ?? null }));
  }
}
