import type { Price } from './pricing.js';

/** What one user got from one instance, and when. */
export interface Visit {
  readonly user: string;
  readonly instance: string;
  readonly design: 'old' | 'new';
  readonly hasGiftNote: boolean;
  /** The new code says what the cart costs. */
  readonly hasNewPrices: boolean;
  /** Of the cart; absent at the checkout. */
  readonly price?: Price;
  /** Of the checkout that took the order; absent where none was asked or none answered. */
  readonly version?: string;
  /** What the instance decided by. */
  readonly revision: number;
  /** False for answers of 500 and above. */
  readonly isOk: boolean;
  /** Milliseconds of the process's steady clock. */
  readonly atMs: number;
}

/** Visitors of the shop: each asks every instance for a page in turn, over and over, until stopped. */
export class Load {
  private readonly listeners = new Set<(visit: Visit) => void>();
  private readonly visitors: Promise<void>[];
  private isStopped = false;
  private next = 0;
  /** Requests that failed or were answered with an error. */
  failures = 0;
  requests = 0;

  constructor(
    private readonly page: '/cart' | '/checkout',
    private readonly shops: readonly string[],
    private readonly users: readonly string[],
    concurrency: number,
  ) {
    this.visitors = Array.from({ length: concurrency }, () => this.visit());
  }

  /** Calls back at every visit; returns the way to stop listening. */
  listen(listener: (visit: Visit) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.visitors);
  }

  private async visit(): Promise<void> {
    while (!this.isStopped) {
      const turn = this.next++;
      const user = this.users[Math.floor(turn / this.shops.length) % this.users.length];
      const shop = this.shops[turn % this.shops.length];
      this.requests++;
      try {
        const response = await fetch(`${shop ?? ''}${this.page}?user=${user ?? ''}`);
        if (!response.ok) this.failures++;
        // The shop answers with a page also when it could not take the order.
        const page = (await response.json()) as Omit<Visit, 'isOk' | 'atMs'>;
        const visit = { ...page, isOk: response.ok, atMs: performance.now() };
        for (const listener of this.listeners) listener(visit);
      } catch {
        this.failures++;
        // A shop that is gone must not be asked in a tight loop.
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }
}
