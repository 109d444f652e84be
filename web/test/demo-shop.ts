import { setTimeout as later } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Visit } from '../../examples/shop/src/load.js';
import { type RunningProgram, startProgram, stopProgram } from '../../examples/shop/src/processes.js';
import type { TestServer } from '../../server/test/e2e/start-test-server.js';

const PROGRAM = fileURLToPath(new URL('../../examples/shop/dist/shop.js', import.meta.url));
const CROWD = 200;
/** Of users, between two of whom the browser and the server get their turn. */
const BREATH_MS = 10;
const LOOKS = 4_000;
const LOOK_EVERY_MS = 10;

/** What users of a whole crowd got: how many, and how many of them the new thing. */
export interface Tally {
  readonly users: number;
  readonly newDesign: number;
  readonly giftNote: number;
}

/** The shop of the demo, in a process of its own with the SDK in it, and users who visit its cart over and over. */
export class DemoShop {
  private isOpen = true;
  private readonly work: Promise<void>;
  private readonly failed: unknown[] = [];

  private constructor(private readonly program: RunningProgram) {
    this.work = this.visit();
  }

  /** Opens in the environment production of project shop, at v1: its new prices are wrong in yen. */
  static async open(server: TestServer): Promise<DemoShop> {
    const place = { project: 'shop', environment: 'production' };
    const issued = await server.api('POST', '/api/v1/tokens', { kind: 'server', name: 'shop', ...place });
    const { secret } = issued.body as { readonly secret: string };
    const settings = { SHOP_INSTANCE: 'shop-a', SHOP_VERSION: 'v1', SLUICE_URL: server.url, SLUICE_TOKEN: secret };
    return new DemoShop(await startProgram(PROGRAM, settings));
  }

  /** What a user gets now. */
  async cartOf(user: string): Promise<Visit> {
    // A connection that is kept may be closed by the shop just as it is used again, which browsers mend by themselves.
    const answer = await fetch(`${this.program.url}/cart?user=${user}`, { headers: { connection: 'close' } });
    return (await answer.json()) as Visit;
  }

  /** Asks for a user until what they get is as expected. */
  async until(user: string, isSo: (visit: Visit) => boolean): Promise<void> {
    for (let look = 0; look < LOOKS; look += 1) {
      if (isSo(await this.cartOf(user))) return;
      await later(LOOK_EVERY_MS);
    }
    throw new Error(`${user} gets ${JSON.stringify(await this.cartOf(user))}`);
  }

  /** Lets everybody of the crowd visit once. */
  async tally(): Promise<Tally> {
    const visits: Visit[] = [];
    for (const user of crowd()) visits.push(await this.cartOf(user));
    return {
      users: visits.length,
      newDesign: visits.filter(({ design }) => design === 'new').length,
      giftNote: visits.filter(({ hasGiftNote }) => hasGiftNote).length,
    };
  }

  /** Ends it; throws when a visit failed. */
  async close(): Promise<void> {
    this.isOpen = false;
    await this.work;
    await stopProgram(this.program);
    if (this.failed.length > 0) throw new Error(`${this.failed.length} visits failed.`, { cause: this.failed[0] });
  }

  private async visit(): Promise<void> {
    while (this.isOpen) {
      for (const user of crowd()) {
        if (!this.isOpen) return;
        await this.cartOf(user).catch((error: unknown) => this.failed.push(error));
        await later(BREATH_MS);
      }
    }
  }
}

function crowd(): readonly string[] {
  return Array.from({ length: CROWD }, (_none, at) => `user-${at + 1}`);
}
