/** Tells whether the store answers. */
export abstract class StoreHealth {
  /** Asks the smallest question there is; rejects when the store does not answer. */
  abstract ping(): Promise<void>;
}
