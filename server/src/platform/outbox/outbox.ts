import { Injectable } from '@nestjs/common';
import type { Json } from '../../kernel/json.js';
import type { Transaction } from '../../kernel/transactions.js';
import type { Topic } from '../bus/bus.js';
import type { OutboxBacklog } from './outbox-backlog.js';
import { OutboxRelay } from './outbox-relay.js';
import { OutboxRepository } from './outbox.repository.js';

/** Where use cases leave what others must hear of: stored with the change itself, told after it committed. */
@Injectable()
export class Outbox {
  constructor(
    private readonly messages: OutboxRepository,
    private readonly relay: OutboxRelay,
  ) {}

  async append<P extends Json>(tx: Transaction, topic: Topic<P>, payload: P): Promise<void> {
    await this.messages.append(tx, topic, payload);
    tx.afterCommit(() => this.relay.wake());
  }

  /** What was committed and not told yet. */
  backlog(tx: Transaction): Promise<OutboxBacklog> {
    return this.messages.backlog(tx);
  }
}
