import { type Transaction, Transactions } from '../../src/kernel/transactions.js';
import { watched } from './watched-transaction.js';

/** Reads as others do, and counts what is asked of the store. */
export class CountingTransactions extends Transactions {
  calls = 0;

  constructor(private readonly inner: Transactions) {
    super();
  }

  override run<T>(): Promise<T> {
    throw new Error('Nothing is written here.');
  }

  override read<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.inner.read((tx) => work(watched(tx, () => (this.calls += 1))));
  }
}
