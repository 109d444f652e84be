import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import type { WebhookDelivery as Row } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { Settlement } from './settle-delivery.js';
import type { Delivery, DeliveryStatus, Webhook } from './webhook.js';

/** How far a webhook's queue has come. */
export interface QueueEnd {
  readonly id: string;
  readonly projectId: string;
  readonly types: readonly string[];
  /** Every event up to this sequence has been queued or is not wanted. */
  readonly cursor: number;
}

/** A delivery to make, and the right to make it: nobody else sends to this webhook until the claim ends. */
export interface Claim {
  readonly id: string;
  readonly webhook: Pick<Webhook, 'id' | 'projectKey' | 'url' | 'secret' | 'previousSecret' | 'previousSecretUntil'>;
  readonly delivery: Delivery;
}

/** What is still to be delivered to webhooks that are on. */
export interface DeliveryBacklog {
  readonly waiting: number;
  /** Since when the first of them has been due; null: none is. */
  readonly dueSince: Date | null;
}

const endOf = { id: true, projectId: true, types: true, cursor: true } as const;

/** What waits for each webhook, and who is sending. */
@Injectable()
export class WebhookQueueRepository {
  /** The queues of webhooks that are on. */
  async listEnds(tx: Transaction): Promise<readonly QueueEnd[]> {
    const rows = await clientOf(tx).webhook.findMany({ where: { enabled: true }, select: endOf });
    return rows.map((row) => ({ ...row, cursor: Number(row.cursor) }));
  }

  /** The queue of a webhook that is on, which nobody else adds to before the transaction ends. */
  async lockEnd(tx: Transaction, id: string): Promise<QueueEnd | null> {
    await clientOf(tx).$executeRaw`SELECT FROM webhook WHERE id = ${id}::uuid FOR UPDATE`;
    const row = await clientOf(tx).webhook.findUnique({ where: { id, enabled: true }, select: endOf });
    return row === null ? null : { ...row, cursor: Number(row.cursor) };
  }

  /** Queues events and moves the queue's end, both or neither. */
  async add(
    tx: Transaction,
    { id, cursor }: Pick<QueueEnd, 'id' | 'cursor'>,
    sequences: readonly number[],
    now: Date,
  ): Promise<void> {
    await clientOf(tx).webhookDelivery.createMany({
      data: sequences.map((eventSequence) => {
        return { webhookId: id, eventSequence, status: 'waiting', nextAttemptAt: now };
      }),
      skipDuplicates: true,
    });
    await clientOf(tx).webhook.update({ where: { id }, data: { cursor } });
  }

  /**
   * Claims the webhook that has waited longest of those that something is due for, and its next delivery: first those
   * never tried, in order, then those to try again. One that nobody came back from is free again after `until`.
   */
  async claim(
    tx: Transaction,
    { claimId, now, until }: { readonly claimId: string; readonly now: Date; readonly until: Date },
  ): Promise<Claim | null> {
    const [claimed] = await clientOf(tx).$queryRaw<readonly { readonly id: string }[]>`
      UPDATE webhook SET claim_id = ${claimId}::uuid, claimed_until = ${until}::timestamptz
      WHERE id = (
        SELECT id FROM webhook
        WHERE enabled AND (claimed_until IS NULL OR claimed_until <= ${now}::timestamptz) AND EXISTS (
          SELECT FROM webhook_delivery
          WHERE webhook_id = webhook.id AND status = 'waiting'
            AND (attempts = 0 OR next_attempt_at <= ${now}::timestamptz))
        ORDER BY claimed_until NULLS FIRST LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING id`;
    if (claimed === undefined) return null;
    const row = await clientOf(tx).webhookDelivery.findFirst({
      where: { webhookId: claimed.id, status: 'waiting', OR: [{ attempts: 0 }, { nextAttemptAt: { lte: now } }] },
      orderBy: [{ attempts: 'asc' }, { eventSequence: 'asc' }],
      include: { webhook: true },
    });
    if (row === null) return null;
    const { webhook, ...delivery } = row;
    return { id: claimId, webhook, delivery: toDelivery(delivery) };
  }

  /** Ends a claim with what came of it; false when it had run out and is somebody else's, or the webhook is gone. */
  async settle(tx: Transaction, { id }: Claim, { delivery, isGone }: Settlement, now: Date): Promise<boolean> {
    const { webhookId, eventSequence, ...outcome } = delivery;
    const { count } = await clientOf(tx).webhook.updateMany({
      where: { id: webhookId, claimId: id },
      data: {
        claimId: null,
        claimedUntil: now,
        ...(isGone
          ? { enabled: false, disabledReason: 'The receiver answered 410 Gone.', version: { increment: 1 } }
          : {}),
      },
    });
    if (count === 0) return false;
    await clientOf(tx).webhookDelivery.updateMany({ where: { webhookId, eventSequence }, data: outcome });
    return true;
  }

  /** Ends a claim as if it had never been. */
  async release(tx: Transaction, { id, webhook }: Claim, now: Date): Promise<void> {
    await clientOf(tx).webhook.updateMany({
      where: { id: webhook.id, claimId: id },
      data: { claimId: null, claimedUntil: now },
    });
  }

  async backlog(tx: Transaction, now: Date): Promise<DeliveryBacklog> {
    const where = { status: 'waiting', webhook: { enabled: true } };
    const due = { ...where, nextAttemptAt: { lte: now } };
    const first = await clientOf(tx).webhookDelivery.aggregate({ where: due, _min: { nextAttemptAt: true } });
    return { waiting: await clientOf(tx).webhookDelivery.count({ where }), dueSince: first._min.nextAttemptAt };
  }

  /** The deliveries of a webhook, the newest first, one more than the limit. */
  async list(
    tx: Transaction,
    webhookId: string,
    { limit, before }: { readonly limit: number; readonly before: number | undefined },
  ): Promise<readonly Delivery[]> {
    const rows = await clientOf(tx).webhookDelivery.findMany({
      where: { webhookId, ...(before === undefined ? {} : { eventSequence: { lt: before } }) },
      orderBy: { eventSequence: 'desc' },
      take: limit + 1,
    });
    return rows.map(toDelivery);
  }

  /** Makes a delivery due once more, whatever came of it; null when there is none. */
  async retry(tx: Transaction, webhookId: string, eventSequence: number, now: Date): Promise<Delivery | null> {
    const { count } = await clientOf(tx).webhookDelivery.updateMany({
      where: { webhookId, eventSequence },
      data: { status: 'waiting', nextAttemptAt: now },
    });
    if (count === 0) return null;
    const row = await clientOf(tx).webhookDelivery.findUnique({
      where: { webhookId_eventSequence: { webhookId, eventSequence } },
    });
    return row === null ? null : toDelivery(row);
  }

  /** Forgets deliveries that ended before a moment; answers how many. */
  forgetEnded(tx: Transaction, before: Date, limit: number): Promise<number> {
    return clientOf(tx).$executeRaw`
      DELETE FROM webhook_delivery
      WHERE (webhook_id, event_sequence) IN (
        SELECT webhook_id, event_sequence FROM webhook_delivery
        WHERE status IN ('delivered', 'failed') AND next_attempt_at < ${before}::timestamptz
        ORDER BY next_attempt_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
  }
}

function toDelivery(row: Row): Delivery {
  // Only statuses of deliveries are ever stored.
  return { ...row, eventSequence: Number(row.eventSequence), status: row.status as DeliveryStatus };
}
