import { AsyncLocalStorage } from 'node:async_hooks';
import { Transaction, Transactions } from '../../kernel/transactions.js';
import { Prisma, type PrismaClient } from './generated/client.js';
import { HeldTransaction, type Work } from './held-transaction.js';

class PrismaTransaction extends Transaction {
  readonly effects: (() => void)[] = [];

  constructor(readonly client: Prisma.TransactionClient) {
    super();
  }

  override afterCommit(effect: () => void): void {
    this.effects.push(effect);
  }
}

export class PrismaTransactions extends Transactions {
  private readonly held = new AsyncLocalStorage<HeldTransaction>();

  constructor(
    private readonly client: PrismaClient,
    private readonly kind: 'pglite' | 'postgresql',
  ) {
    super();
  }

  override run<T>(work: Work<T>): Promise<T> {
    const held = this.held.getStore();
    return held === undefined || held.isOver ? this.commit(work) : held.run(work);
  }

  /**
   * Runs work, and records what came of it in the transaction that the work itself runs: both are stored, or neither.
   * The transaction commits, and its effects follow, when the work is done and recorded. Rejects as the work does.
   */
  async runRecorded<T>(work: () => Promise<T>, record: (tx: Transaction, result: T) => Promise<void>): Promise<T> {
    const held = new HeldTransaction((all) => this.commit(all));
    try {
      const result = await this.held.run(held, work);
      await held.commit((tx) => record(tx, result));
      return result;
    } catch (error) {
      await held.rollBack(error);
      throw error;
    }
  }

  override async read<T>(work: Work<T>): Promise<T> {
    const current = this.held.getStore()?.current;
    if (current !== undefined) return work(await current);
    // PGlite has one connection, so its transactions never see each other's changes anyway.
    const isolation =
      this.kind === 'postgresql' ? { isolationLevel: Prisma.TransactionIsolationLevel.RepeatableRead } : {};
    return this.client.$transaction((client) => work(new PrismaTransaction(client)), isolation);
  }

  private async commit<T>(work: Work<T>): Promise<T> {
    let effects: readonly (() => void)[] = [];
    const result = await this.client.$transaction(async (client) => {
      const tx = new PrismaTransaction(client);
      effects = tx.effects;
      return work(tx);
    });
    for (const effect of effects) effect();
    return result;
  }
}

/** The Prisma client of an open transaction, for repositories. */
export function clientOf(tx: Transaction): Prisma.TransactionClient {
  if (tx instanceof PrismaTransaction) return tx.client;
  throw new Error('This transaction was not opened by PrismaTransactions.');
}
