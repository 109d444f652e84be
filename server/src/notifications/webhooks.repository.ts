import { Injectable } from '@nestjs/common';
import { conflict } from '../kernel/errors.js';
import type { PageRequest } from '../kernel/page.js';
import type { Transaction } from '../kernel/transactions.js';
import type { Webhook as Row } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { Webhook } from './webhook.js';

/** What people say of webhooks; how far each has come is the queue's. */
@Injectable()
export class WebhooksRepository {
  async find(tx: Transaction, projectId: string, id: string): Promise<Webhook | null> {
    const row = await clientOf(tx).webhook.findUnique({ where: { id, projectId } });
    return row === null ? null : toWebhook(row);
  }

  /** The webhooks of a project in order of creation, one more than the limit. */
  async list(tx: Transaction, projectId: string, { limit, after }: PageRequest): Promise<readonly Webhook[]> {
    const rows = await clientOf(tx).webhook.findMany({
      where: { projectId, ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take: limit + 1,
    });
    return rows.map(toWebhook);
  }

  /** How many webhooks a project has; nobody adds one before the transaction ends. */
  async lockAndCount(tx: Transaction, projectId: string): Promise<number> {
    await clientOf(tx).$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`webhooks of ${projectId}`}, 0))`;
    return clientOf(tx).webhook.count({ where: { projectId } });
  }

  /** Stores a webhook that wants what happens behind a sequence. */
  async insert(tx: Transaction, webhook: Webhook, cursor: number): Promise<void> {
    await clientOf(tx).webhook.create({ data: { ...webhook, types: [...webhook.types], cursor } });
  }

  /** Stores a webhook over the version it was made from, and returns it with its new version. */
  async save(tx: Transaction, webhook: Webhook): Promise<Webhook> {
    const { id, version } = webhook;
    const after = { ...webhook, version: version + 1 };
    const { count } = await clientOf(tx).webhook.updateMany({
      where: { id, version },
      data: { ...after, types: [...after.types] },
    });
    if (count === 0) throw conflict('EDIT_COLLIDED', 'Someone changed this webhook at the same moment; try again.');
    return after;
  }

  /** Deletes a webhook with all that waits for it. */
  async delete(tx: Transaction, { id, version }: Webhook): Promise<void> {
    const { count } = await clientOf(tx).webhook.deleteMany({ where: { id, version } });
    if (count === 0) throw conflict('EDIT_COLLIDED', 'Someone changed this webhook at the same moment; try again.');
  }
}

function toWebhook({ cursor: _cursor, claimId: _claimId, claimedUntil: _claimedUntil, ...row }: Row): Webhook {
  return row;
}
