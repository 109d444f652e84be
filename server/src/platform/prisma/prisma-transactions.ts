import { Transaction, Transactions } from '../../kernel/transactions.js';
import { Prisma, type PrismaClient } from './generated/client.js';

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
  constructor(
    private readonly client: PrismaClient,
    private readonly kind: 'pglite' | 'postgresql',
  ) {
    super();
  }

  override async run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    let effects: readonly (() => void)[] = [];
    const result = await this.client.$transaction(async (client) => {
      const tx = new PrismaTransaction(client);
      effects = tx.effects;
      return work(tx);
    });
    for (const effect of effects) effect();
    return result;
  }

  override read<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    // PGlite has one connection, so its transactions never see each other's changes anyway.
    const isolation =
      this.kind === 'postgresql' ? { isolationLevel: Prisma.TransactionIsolationLevel.RepeatableRead } : {};
    return this.client.$transaction((client) => work(new PrismaTransaction(client)), isolation);
  }
}

/** The Prisma client of an open transaction, for repositories. */
export function clientOf(tx: Transaction): Prisma.TransactionClient {
  if (tx instanceof PrismaTransaction) return tx.client;
  throw new Error('This transaction was not opened by PrismaTransactions.');
}
