import { Transaction, Transactions } from '../../src/kernel/transactions.js';

class FakeTransaction extends Transaction {
  readonly effects: (() => void)[] = [];

  override afterCommit(effect: () => void): void {
    this.effects.push(effect);
  }
}

/** Runs work at once and takes nothing back: for services whose repositories are fakes too. */
export class FakeTransactions extends Transactions {
  override async run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const tx = new FakeTransaction();
    const result = await work(tx);
    for (const effect of tx.effects) effect();
    return result;
  }

  override read<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return work(new FakeTransaction());
  }
}
