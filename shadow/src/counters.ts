import type { RunResult } from '@sluice/sdk';

/** What happened to calls that no observation tells of, and what all came to; since the start. */
export interface Counts {
  readonly requests: number;
  /** Requests that the primary gave no answer to. */
  readonly primaryFailures: number;
  /** Requests whose caller left before the answer was complete. */
  readonly abandoned: number;
  /** Connections handed over to the primary, as WebSockets are. */
  readonly tunnels: number;
  /** Requests that may be copied, whose body is longer than what is kept. */
  readonly tooLong: number;
  /** Sampled requests by verdict. */
  readonly verdicts: Readonly<Record<string, number>>;
}

export class Counters {
  requests = 0;
  primaryFailures = 0;
  abandoned = 0;
  tunnels = 0;
  tooLong = 0;
  readonly #verdicts = new Map<string, number>();

  readonly note = ({ verdict }: Pick<RunResult, 'verdict'>): void => {
    this.#verdicts.set(verdict, (this.#verdicts.get(verdict) ?? 0) + 1);
  };

  read(): Counts {
    const { requests, primaryFailures, abandoned, tunnels, tooLong } = this;
    return { requests, primaryFailures, abandoned, tunnels, tooLong, verdicts: Object.fromEntries(this.#verdicts) };
  }
}
