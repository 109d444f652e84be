import { setTimeout as later } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../clients/free-port.js';
import { KillableServer } from '../clients/killable-server.js';
import { TcpLink } from '../clients/tcp-link.js';

const SKEWED_CLOCK = fileURLToPath(new URL('skewed-clock.js', import.meta.url));
const LOOK_MS = 50;
/** A start beside other suites on few cores. */
const START_MS = 60_000;

/** What all replicas have in common. */
export interface Store {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** One of several servers on the same database, which a test kills, stops, cuts off and starts again. */
export class Replica {
  private server: KillableServer | undefined;

  private constructor(
    private readonly store: Store,
    private readonly port: string,
    /** Its way to the database. */
    readonly link: TcpLink,
  ) {}

  /** Prepares one that does not run yet. */
  static async prepare(store: Store): Promise<Replica> {
    return new Replica(store, String(await freePort()), await TcpLink.open(store.databaseUrl));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it where it was, with a clock that is wrong by so much, and waits until it is ready. */
  async start({ skewMs = 0 }: { readonly skewMs?: number } = {}): Promise<void> {
    this.server = await KillableServer.start('memory://', this.port, {
      DATABASE_URL: this.link.url,
      REDIS_URL: this.store.redisUrl,
      ...this.store.settings,
      ...(skewMs !== 0 && { NODE_OPTIONS: `--import ${SKEWED_CLOCK}`, SKEW_MS: String(skewMs) }),
    });
    await this.ready();
  }

  /** As a power cut does. */
  async kill(): Promise<void> {
    await this.server?.kill();
    this.server = undefined;
  }

  /** Has its process stand still, connections and all. */
  pause(): void {
    this.server?.signal('SIGSTOP');
  }

  resume(): void {
    this.server?.signal('SIGCONT');
  }

  /** Resident memory, bytes; 0 while it does not run. */
  residentBytes(): number {
    return this.server?.residentBytes() ?? 0;
  }

  /** Waits until it says that it can do its work. */
  async ready(): Promise<void> {
    const end = Date.now() + START_MS;
    while (Date.now() < end) {
      const answer = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
      if (answer?.ok === true) return;
      await later(LOOK_MS);
    }
    throw new Error(`${this.url} is not ready.`);
  }

  async close(): Promise<void> {
    this.resume();
    await this.kill();
    await this.link.close();
  }
}
