import { Injectable, Logger } from '@nestjs/common';
import { EventsReader } from '../events/index.js';
import { Clock } from '../kernel/clock.js';
import { Ids } from '../kernel/ids.js';
import { Transactions } from '../kernel/transactions.js';
import { Tally } from '../platform/metrics/tally.js';
import { inSpan } from '../platform/tracing/spans.js';
import type { WebhookAnswer } from '../platform/webhooks/webhook-answer.js';
import { settleDelivery, settleForgotten } from './settle-delivery.js';
import { type WebhookEvent, WebhookMessages } from './webhook-messages.service.js';
import { type Claim, type DeliveryBacklog, WebhookQueueRepository } from './webhook-queue.repository.js';
import { DELIVERY_STATUSES, wants } from './webhook.js';

/** Events queued in one transaction. */
const BATCH = 200;
/** Webhooks sent to at the same time. */
const MAX_SENDERS = 16;
/** Longer than any attempt takes with what is stored before and after it. */
const CLAIM_MS = 60_000;

/**
 * Carries events to webhooks, at least once. Each step is one transaction, so a server may die between any two: what was
 * queued stays queued, and what was claimed is claimed again when the claim has run out. One replica at a time sends to
 * a webhook, one event at a time, so first attempts are in the order of events.
 */
@Injectable()
export class WebhookDispatcher {
  private readonly logger = new Logger(WebhookDispatcher.name);
  /** What became of attempts here. `waiting`: it will be tried again. */
  readonly attempts = new Tally(DELIVERY_STATUSES.map((outcome) => ({ outcome })));
  private readonly senders = new Set<Promise<void>>();
  private readonly stop = new AbortController();

  // Six and the identifiers of claims.
  constructor(
    private readonly transactions: Transactions,
    private readonly queue: WebhookQueueRepository,
    private readonly events: EventsReader,
    private readonly messages: WebhookMessages,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Deliveries that are still to be made, of all replicas, and since when the first of them has been due. */
  backlog(): Promise<DeliveryBacklog> {
    return this.transactions.read((tx) => this.queue.backlog(tx, this.clock.now()));
  }

  /** Queues what has happened for who wants it, and sees to it that what is due is sent. */
  async dispatch(): Promise<void> {
    await this.queueNews();
    this.wakeSenders();
  }

  /** Sends what is due, in the background. */
  wakeSenders(): void {
    if (this.stop.signal.aborted || this.senders.size >= MAX_SENDERS) return;
    const sender = this.sendUntilNoneIsDue()
      .catch((error: unknown) => this.logger.warn(error, 'Sending webhooks failed; trying again.'))
      .finally(() => this.senders.delete(sender));
    this.senders.add(sender);
  }

  /** Begins nothing more, breaks off what is under way and gives it back. */
  async close(): Promise<void> {
    this.stop.abort();
    await Promise.all(this.senders);
  }

  private async queueNews(): Promise<void> {
    const behind = await this.transactions.read(async (tx) => {
      const ends = await this.queue.listEnds(tx);
      if (ends.length === 0) return [];
      const newest = await this.events.newestOf(tx, [...new Set(ends.map(({ projectId }) => projectId))]);
      return ends.filter(({ projectId, cursor }) => cursor < (newest.get(projectId) ?? 0));
    });
    for (const { id } of behind) {
      while (!this.stop.signal.aborted && (await this.queueBatch(id)));
    }
  }

  /** Queues the next events for one webhook; answers whether there may be more. */
  private queueBatch(id: string): Promise<boolean> {
    return this.transactions.run(async (tx) => {
      const end = await this.queue.lockEnd(tx, id);
      if (end === null) return false;
      const batch = await this.events.listAfter(tx, end.projectId, { after: end.cursor, limit: BATCH });
      const last = batch.at(-1);
      if (last === undefined) return false;
      const wanted = batch.filter(({ type }) => wants(end, type)).map(({ sequence }) => sequence);
      await this.queue.add(tx, { id, cursor: last.sequence }, wanted, this.clock.now());
      return batch.length === BATCH;
    });
  }

  private async sendUntilNoneIsDue(): Promise<void> {
    while (!this.stop.signal.aborted) {
      const claim = await this.claim();
      if (claim === null) return;
      // While this one waits for its receiver, another one looks for what else is due.
      this.wakeSenders();
      await this.send(claim);
    }
  }

  private claim(): Promise<Claim | null> {
    const now = this.clock.now();
    const until = new Date(now.getTime() + CLAIM_MS);
    return this.transactions.run((tx) => this.queue.claim(tx, { claimId: this.ids.next(), now, until }));
  }

  /** A part of the trace in which the event happened, however much later it is. */
  private deliver({ webhook, delivery }: Claim, { told, traceparent }: WebhookEvent): Promise<WebhookAnswer> {
    const attributes = { 'sluice.webhook.id': webhook.id, 'sluice.webhook.attempt': delivery.attempts + 1 };
    return inSpan('job webhook.deliver', { attributes, parent: traceparent ?? null }, () =>
      this.messages.send(webhook, told, this.stop.signal),
    );
  }

  private async send(claim: Claim): Promise<void> {
    const { webhook, delivery } = claim;
    const event = await this.transactions.read((tx) =>
      this.messages.find(tx, delivery.eventSequence, webhook.projectKey),
    );
    const answer = event === undefined ? undefined : await this.deliver(claim, event);
    const now = this.clock.now();
    await this.transactions.run(async (tx) => {
      if (answer?.kind === 'unanswered' && this.stop.signal.aborted) return this.queue.release(tx, claim, now);
      const settlement =
        answer === undefined ? settleForgotten(delivery, now) : settleDelivery(delivery, answer, now, Math.random());
      const isOurs = await this.queue.settle(tx, claim, settlement, now);
      // Another replica that claimed it meanwhile tries it again, and counts that.
      if (!isOurs) return undefined;
      tx.afterCommit(() => (this.attempts.cell({ outcome: settlement.delivery.status }).count += 1));
      if (settlement.isGone) this.logger.warn({ webhook: webhook.id }, 'A webhook is off: its receiver is gone.');
      return undefined;
    });
  }
}
