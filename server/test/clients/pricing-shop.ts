import { setTimeout as later } from 'node:timers/promises';
import { createClient, type SluiceClient } from '@sluice/sdk';

const MANY_CALLS = 60;

/** Prices in cents, by the old code and the new. */
export type Price = (cents: number) => number;
export const oldPrice: Price = (cents) => Math.round(cents * 1.19);
export const samePrice: Price = (cents) => Math.round((cents * 119) / 100);
export const truncatingPrice: Price = (cents) => Math.floor(cents * 1.19);

/** A service that prices carts with a parallel run, over and over, until it is closed. */
export class PricingShop {
  /** What the last callers got, the newest last. */
  readonly answers: { readonly cents: number; readonly price: number }[] = [];
  /** Of the candidate. */
  version = 'v7';
  private isOpen = true;
  private readonly work: Promise<void>;
  private cart = 0;

  private constructor(
    private readonly client: SluiceClient,
    private readonly run: string,
    public candidate: Price,
  ) {
    this.work = this.sell();
  }

  /** Opens as an instance of service shop at v7 with a server token. */
  static async open(
    at: { readonly url: string; readonly token: string },
    run: string,
    candidate: Price,
  ): Promise<PricingShop> {
    const client = await createClient({ ...at, service: { key: 'shop', version: 'v7' }, cacheDir: false });
    return new PricingShop(client, run, candidate);
  }

  async close(): Promise<void> {
    this.isOpen = false;
    await this.work;
    await this.client.close();
  }

  private async sell(): Promise<void> {
    while (this.isOpen) {
      for (let call = 0; call < MANY_CALLS; call += 1) this.sellOne((this.cart += 1));
      await this.client.flush();
      await later(5);
    }
  }

  private sellOne(cart: number): void {
    const cents = 1_000 + cart;
    const price = this.client.parallelRun(this.run, {
      control: () => oldPrice(cents),
      candidate: () => this.candidate(cents),
      context: { targetingKey: `cart-${cart}` },
      input: cents,
      stratum: cents % 2 === 0 ? 'even' : 'odd',
      controlVersion: 'v6',
      version: this.version,
    });
    this.answers.push({ cents, price });
    if (this.answers.length > 1_000) this.answers.shift();
  }
}
