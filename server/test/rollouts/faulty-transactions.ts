import type { Transaction } from '../../src/kernel/transactions.js';
import { Transactions } from '../../src/kernel/transactions.js';
import type { PrismaTransactions } from '../../src/platform/prisma/prisma-transactions.js';
import { watched } from '../contracts/watched-transaction.js';

/** What a process that was killed answers: nothing more, ever. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/**
 * The store as one process reaches it. The process can be killed before any of its calls, and after a commit whose
 * answer it then never hears; a killed process reaches the store no more. It can also be held up before a transaction,
 * as one that the machine leaves without a turn.
 */
export class FaultyTransactions extends Transactions {
  private callsLeft = Infinity;
  private isDead = false;
  private gate: Promise<void> | undefined;

  constructor(private readonly inner: PrismaTransactions) {
    super();
  }

  /** Kills the process before its n-th call from now on; to begin and to hear of a commit are calls too. */
  killBefore(call: number): void {
    this.callsLeft = call;
  }

  kill(): void {
    this.isDead = true;
  }

  /** Holds up the next transaction that writes until the answer is called. */
  holdUp(): () => void {
    let release: () => void = () => undefined;
    this.gate = new Promise((resolve) => (release = resolve));
    return release;
  }

  override async run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const { gate } = this;
    this.gate = undefined;
    await gate;
    this.count();
    const result = await this.inner.run((tx) => work(watched(tx, () => this.count())));
    this.count();
    return result;
  }

  override async read<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    this.count();
    return this.inner.read((tx) => work(watched(tx, () => this.count())));
  }

  private count(): void {
    this.callsLeft -= 1;
    if (this.callsLeft <= 0) this.isDead = true;
    if (this.isDead) throw new Killed('The process was killed.');
  }
}
