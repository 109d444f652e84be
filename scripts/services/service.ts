/** What tests use, and how to end it. */
export interface Service {
  /** A server's URL, or the path of a program that suites start themselves. */
  readonly address: string;
  /** Ends it if this run started it; does nothing otherwise. */
  readonly stop: () => Promise<void>;
}

export const keepRunning = (): Promise<void> => Promise.resolve();
