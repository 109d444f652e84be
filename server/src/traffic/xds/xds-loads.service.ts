import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { SluiceError } from '../../kernel/errors.js';
import { Transactions } from '../../kernel/transactions.js';
import { TrafficConfig, type XdsRoute } from '../../platform/config/traffic.js';
import { Sweep } from '../../platform/jobs/sweep.js';
import { routeName } from '../route-name.js';
import { LoadTally } from './load-tally.js';
import type { XdsAccess } from './xds-access.provider.js';
import { XdsCatalog } from './xds-catalog.service.js';
import { parseCountedCluster } from './xds-names.js';
import { mayCount } from './xds-route-state.js';
import { XdsRoutesRepository } from './xds-routes.repository.js';

const STORE_MS = 500;

/** Adds up what clients report, and stores it. */
@Injectable()
export class XdsLoads implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Xds');
  private readonly routes: ReadonlyMap<string, XdsRoute>;
  private readonly storing = new Sweep(() => this.store(), {
    everyMs: STORE_MS,
    what: 'Storing loads that xDS clients report',
  });
  private readonly tallies = new Map<string, LoadTally<XdsAccess>>();

  constructor(
    private readonly transactions: Transactions,
    private readonly catalog: XdsCatalog,
    private readonly repository: XdsRoutesRepository,
    config: TrafficConfig,
  ) {
    this.routes = new Map(
      config.routes.flatMap((route) => (route.router === 'xds' ? [[routeName(route), route] as const] : [])),
    );
  }

  onApplicationBootstrap(): void {
    if (this.routes.size > 0) this.storing.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.storing.wake();
    await this.storing.stop();
  }

  /** Takes note of requests to a cluster; those to clusters that count nothing are nothing to anybody. */
  count(access: XdsAccess, clusterName: string, requests: number): void {
    const cluster = parseCountedCluster(clusterName);
    if (cluster === undefined || requests <= 0 || !this.routes.has(cluster.route)) return;
    const tally = this.tallies.get(cluster.route) ?? new LoadTally<XdsAccess>();
    this.tallies.set(cluster.route, tally);
    tally.add(access, { ...cluster, requests });
  }

  /** Route by route: what cannot be stored of one is nothing to the others. */
  private async store(): Promise<void> {
    const failures: unknown[] = [];
    for (const [name, route] of this.routes) {
      const tally = this.tallies.get(name);
      if (tally === undefined) continue;
      this.tallies.delete(name);
      try {
        await this.storeOf(route, tally);
      } catch (error) {
        if (error instanceof SluiceError && error.kind === 'invalid') {
          this.logger.error(
            { err: error, route: name },
            'The store refuses loads that xDS clients report; they are lost.',
          );
          continue;
        }
        const later = this.tallies.get(name);
        if (later !== undefined) tally.addAll(later);
        this.tallies.set(name, tally);
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  private storeOf(route: XdsRoute, tally: LoadTally<XdsAccess>): Promise<void> {
    return this.transactions.run(async (tx) => {
      const stored = await this.catalog.read(tx, route);
      if (stored === undefined) return;
      const placed = { place: stored.place, isOpen: route.open, isOpenBelieved: route.believeOpen };
      const isHeard = ({ isBelieved }: XdsAccess): boolean => isBelieved(placed);
      await this.repository.addLoads(
        tx,
        tally.sums(isHeard, (load) => mayCount(stored.state, load)),
      );
    });
  }
}
