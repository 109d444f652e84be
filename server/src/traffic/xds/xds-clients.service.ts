import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { INSTANCES_CHANGED } from '../../deployments/index.js';
import { Clock } from '../../kernel/clock.js';
import { type SluiceError, unavailable } from '../../kernel/errors.js';
import { Ids } from '../../kernel/ids.js';
import { Transactions } from '../../kernel/transactions.js';
import { Bus } from '../../platform/bus/bus.js';
import { TrafficConfig, type XdsRoute } from '../../platform/config/traffic.js';
import { Sweep } from '../../platform/jobs/sweep.js';
import { ENVIRONMENT_CHANGED } from '../../projects/index.js';
import { ReplicaVoice, SAY_MS, SILENT_MS } from './replica-voice.js';
import { audienceOf, type NamedSession, type RouteAudience } from './route-audience.js';
import { type PlacedSnapshot, XdsCatalog } from './xds-catalog.service.js';
import { XDS_ROUTE_CHANGED } from './xds-route-changed.js';
import { XdsRoutesRepository } from './xds-routes.repository.js';

/** Leases end without a word: so soon clients hear of it. */
const REFRESH_MS = 1_000;
/** How often it looks whether it can still be heard. */
const LISTEN_MS = 500;

/** A client that has a stream open. */
export interface XdsClient extends NamedSession {
  /** Whether it may know of a route. */
  readonly maySee: (route: PlacedSnapshot) => boolean;
  /** Whether it is to be believed of a route that it may know of. */
  readonly isBelieved: (route: PlacedSnapshot) => boolean;
  /** Tells it what it is to be told now. */
  readonly tell: (catalog: readonly PlacedSnapshot[]) => void;
  /** Ends its stream. */
  readonly end: (error: SluiceError) => void;
}

/**
 * The clients of this replica. While there are any, what they are told is read again and again, and at once when
 * somebody says that it has changed; where they stand is told to the other replicas. What was read last stands while
 * the store is away, but not for long: the others take a replica that they do not hear of to have no clients, and would
 * take a share to be in place that its clients have not heard of. So it ends their streams before, and lets nobody in
 * until it is heard again; clients keep what they have, and go where they are counted.
 */
@Injectable()
export class XdsClients implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Xds');
  private readonly replica: string;
  private readonly routes: readonly XdsRoute[];
  private readonly clients = new Set<XdsClient>();
  private readonly refreshing = new Sweep(() => this.refresh(), { everyMs: REFRESH_MS, what: 'Reading xDS routes' });
  private readonly saying = new Sweep(() => this.say(), { everyMs: SAY_MS, what: 'Telling where xDS clients stand' });
  private readonly listening = new Sweep(() => this.endIfMute(), {
    everyMs: LISTEN_MS,
    what: 'Ending xDS streams that nobody counts',
  });
  private readonly voice = new ReplicaVoice();
  private catalog: readonly PlacedSnapshot[] | undefined;
  private unsubscribe: readonly (() => void)[] = [];

  // Seven: it stands between the store, the replicas and the clients.
  constructor(
    private readonly transactions: Transactions,
    private readonly reader: XdsCatalog,
    private readonly repository: XdsRoutesRepository,
    private readonly bus: Bus,
    private readonly clock: Clock,
    config: TrafficConfig,
    ids: Ids,
  ) {
    this.replica = ids.next();
    this.routes = config.routes.filter((route) => route.router === 'xds');
  }

  onApplicationBootstrap(): void {
    if (this.routes.length === 0) return;
    const look = (): void => this.refreshing.wake();
    this.unsubscribe = [
      this.bus.subscribe(XDS_ROUTE_CHANGED, look),
      this.bus.subscribe(INSTANCES_CHANGED, look),
      this.bus.subscribe(ENVIRONMENT_CHANGED, look),
    ];
    this.refreshing.start();
    this.saying.start();
    this.listening.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const end of this.unsubscribe) end();
    await Promise.all([this.refreshing.stop(), this.saying.stop(), this.listening.stop()]);
    if (!this.voice.isHeard) return;
    const since = new Date(this.clock.now().getTime() - SILENT_MS);
    await this.transactions
      .run((tx) => this.repository.removeAudiences(tx, this.replica, since))
      .catch(() => undefined);
  }

  /** Takes in a client that was let in; throws `unavailable` while this replica cannot say that it has clients. */
  add(client: XdsClient): void {
    if (this.voice.isMute(this.clock.now())) throw mute();
    this.clients.add(client);
    if (this.clients.size === 1) this.catalog = undefined; // nobody has kept it up to date
  }

  remove(client: XdsClient): void {
    this.clients.delete(client);
    this.saying.wake();
  }

  /** The client has said something: it is answered from what was read last. */
  hear(client: XdsClient): void {
    if (this.catalog === undefined) this.refreshing.wake();
    else client.tell(this.catalog);
    this.saying.wake();
  }

  /** What there is to tell now, read anew. */
  read(): Promise<readonly PlacedSnapshot[]> {
    return this.transactions.read(async (tx) => {
      const read: PlacedSnapshot[] = [];
      for (const route of this.routes) {
        const snapshot = await this.reader.snapshot(tx, route);
        if (snapshot !== undefined) read.push(snapshot);
      }
      return read;
    });
  }

  private async refresh(): Promise<void> {
    if (this.clients.size === 0) return;
    const catalog = await this.read();
    this.catalog = catalog;
    for (const client of this.clients) client.tell(catalog);
    this.saying.wake();
  }

  private async say(): Promise<void> {
    // What cannot be said of one route is nothing to the others.
    const failures: unknown[] = [];
    for (const placed of this.catalog ?? []) {
      const seeing = [...this.clients]
        .filter((client) => client.maySee(placed))
        .map(({ node, session, isBelieved }) => ({ node, session, isBelieved: isBelieved(placed) }));
      await this.sayOf(placed.snapshot.route, audienceOf(seeing, placed.snapshot)).catch((error: unknown) => {
        failures.push(error);
      });
    }
    if (failures.length > 0) throw failures[0];
  }

  private async sayOf(route: string, audience: RouteAudience): Promise<void> {
    const now = this.clock.now();
    if (!this.voice.mustSay(route, audience, now)) return;
    await this.transactions.run((tx) =>
      this.repository.saveAudience(tx, { route, replica: this.replica }, audience, now),
    );
    this.voice.noteSaid(route, audience, now);
  }

  // Not part of saying, which waits for the store itself.
  private endIfMute(): Promise<void> {
    if (this.clients.size > 0 && this.voice.isMute(this.clock.now())) {
      this.logger.warn({ clients: this.clients.size }, 'The store does not hear of xDS clients; they go elsewhere.');
      for (const client of this.clients) client.end(mute());
    }
    return Promise.resolve();
  }
}

function mute(): SluiceError {
  const sentence = 'This server cannot reach its store, so it leads nobody; connect to another one, or wait.';
  return unavailable('XDS_CUT_OFF', sentence);
}
