import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Json } from '../../kernel/json.js';
import type { Transaction } from '../../kernel/transactions.js';
import type { Topic } from '../bus/bus.js';
import { clientOf } from '../prisma/prisma-transactions.js';
import type { OutboxBacklog } from './outbox-backlog.js';

export interface OutboxMessage {
  readonly id: bigint;
  readonly topic: string;
  readonly payload: Json;
}

@Injectable()
export class OutboxRepository {
  constructor(private readonly clock: Clock) {}

  async append<P extends Json>(tx: Transaction, topic: Topic<P>, payload: P): Promise<void> {
    const data = { at: this.clock.now(), topic: topic.name, payload: payload as never };
    await clientOf(tx).outboxMessage.create({ data });
  }

  /** How many messages wait to be told, and since when the oldest does. */
  async backlog(tx: Transaction): Promise<OutboxBacklog> {
    const { _count, _min } = await clientOf(tx).outboxMessage.aggregate({ _count: true, _min: { at: true } });
    return { waiting: _count, oldestAt: _min.at };
  }

  /** Takes the oldest messages no other replica is taking; they are gone when the transaction commits. */
  async take(tx: Transaction, limit: number): Promise<readonly OutboxMessage[]> {
    return clientOf(tx).$queryRaw<OutboxMessage[]>`
      DELETE FROM outbox_message
      WHERE id IN (SELECT id FROM outbox_message ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED)
      RETURNING id, topic, payload`;
  }
}
