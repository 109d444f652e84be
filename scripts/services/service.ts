/** A server that tests use, and how to end it. */
export interface Service {
  readonly url: string;
  /** Ends it if this run started it; does nothing otherwise. */
  readonly stop: () => Promise<void>;
}

export const keepRunning = (): Promise<void> => Promise.resolve();
