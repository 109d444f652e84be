import type { Transaction } from '../../kernel/transactions.js';

export type Work<T> = (tx: Transaction) => Promise<T>;
type Begin = (work: Work<void>) => Promise<void>;

interface Opened {
  readonly tx: Promise<Transaction>;
  /** Resolves when it is committed, rejects when it is rolled back. */
  readonly ended: Promise<void>;
}

/**
 * A transaction that the first work in need of one begins, that later work joins, and that stays open until it is told
 * how to end. Work that failed has failed all of it.
 */
export class HeldTransaction {
  /** Work no longer joins it. */
  isOver = false;
  private opened: Opened | undefined;
  private failure: { readonly error: unknown } | undefined;
  private finish: (last: Work<void>) => void = () => undefined;
  private giveUp: (error: unknown) => void = () => undefined;

  constructor(private readonly begin: Begin) {}

  async run<T>(work: Work<T>): Promise<T> {
    try {
      this.opened ??= this.open();
      return await work(await this.opened.tx);
    } catch (error) {
      this.failure ??= { error };
      throw error;
    }
  }

  /** The transaction, if any work has begun it and it is not over. */
  get current(): Promise<Transaction> | undefined {
    return this.isOver ? undefined : this.opened?.tx;
  }

  /** Adds the last work and commits; in a transaction of its own when there was no work before. */
  async commit(last: Work<void>): Promise<void> {
    this.isOver = true;
    if (this.failure !== undefined) throw this.failure.error;
    this.finish(last);
    await (this.opened?.ended ?? this.begin(last));
  }

  /** Undoes all of it, unless it is committed. */
  async rollBack(error: unknown): Promise<void> {
    this.isOver = true;
    this.giveUp(error);
    await this.opened?.ended.catch(() => undefined);
  }

  private open(): Opened {
    const last = new Promise<Work<void>>((resolve, reject) => {
      this.finish = resolve;
      this.giveUp = reject;
    });
    last.catch(() => undefined);
    let hand: (tx: Transaction) => void = () => undefined;
    const begun = new Promise<Transaction>((resolve) => (hand = resolve));
    const ended = this.begin(async (tx) => {
      hand(tx);
      await (
        await last
      )(tx);
    });
    // It ends before it began when it cannot begin.
    return { tx: Promise.race([begun, ended.then(() => begun)]), ended };
  }
}
