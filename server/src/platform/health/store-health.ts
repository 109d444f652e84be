/** Tells whether the store answers. */
export abstract class StoreHealth {
  /** Asks the smallest question there is; rejects when the store does not answer soon. */
  abstract ping(): Promise<void>;
  /** What the store's own clock says while it answers; rejects as above. */
  abstract now(): Promise<Date>;
}
