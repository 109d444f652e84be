import type { SluiceClient } from '../src/sluice-client.js';
import { startClient, type StartedClient } from '../src/client.js';
import type { ClientOptions } from '../src/client-options.js';
import type { Logger } from '../src/logger.js';
import { TOKEN } from './fake-control-plane.js';
import type { FakeRuntime } from './fake-runtime.js';

const silent = () => undefined;

export const silentLogger: Logger = { debug: silent, info: silent, warn: silent, error: silent };

/** Starts clients against one control plane in one fake world, and closes them all in the end. */
export class Clients {
  readonly #open: SluiceClient[] = [];

  constructor(
    private readonly url: string,
    private readonly runtime: FakeRuntime,
  ) {}

  start(options: ClientOptions = {}): StartedClient {
    const defaults = { url: this.url, token: TOKEN, cacheDir: false, logger: silentLogger } as const;
    const started = startClient({ ...defaults, ...options }, this.runtime);
    this.#open.push(started.client);
    return started;
  }

  /** Starts one and lets time pass until it is initialised. */
  async open(options: ClientOptions = {}): Promise<SluiceClient> {
    const { client, initialized } = this.start(options);
    let isInitialized = false;
    void initialized.then(() => (isInitialized = true));
    await this.runtime.reach(() => isInitialized);
    return client;
  }

  async closeAll(): Promise<void> {
    let isClosed = false;
    void Promise.all(this.#open.map((client) => client.close())).then(() => (isClosed = true));
    await this.runtime.reach(() => isClosed);
  }
}
