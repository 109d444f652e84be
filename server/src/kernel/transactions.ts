/** An open transaction of the store, handed to repositories. What it is inside is theirs to know. */
export abstract class Transaction {
  /** Runs an effect once the transaction has committed; never when it rolls back. */
  abstract afterCommit(effect: () => void): void;
}

/** How use cases reach the store: never but through one of these. */
export abstract class Transactions {
  /**
   * Runs a use case as one transaction: all of it is stored, or nothing. It may run more than once, after the store has
   * undone it; what it does beside the transaction has to bear that. Rejects with `unavailable` when others stood in
   * its way again and again.
   */
  abstract run<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Runs reads that all see the store as it was at one moment. */
  abstract read<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}
