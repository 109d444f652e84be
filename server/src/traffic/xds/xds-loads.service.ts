import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Transactions } from '../../kernel/transactions.js';
import { TrafficConfig, type XdsRoute } from '../../platform/config/traffic.js';
import { Sweep } from '../../platform/jobs/sweep.js';
import { routeName } from '../route-name.js';
import type { XdsAccess } from './xds-access.provider.js';
import { XdsCatalog } from './xds-catalog.service.js';
import { parseCountedCluster } from './xds-names.js';
import { type ReportedLoad, XdsRoutesRepository } from './xds-routes.repository.js';

const STORE_MS = 500;
/** While the store is away; what was reported before these is lost. */
const MAX_REPORTS = 20_000;

interface Report {
  readonly load: ReportedLoad;
  readonly access: XdsAccess;
}

/** Adds up what clients report, and stores it. */
@Injectable()
export class XdsLoads implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly routes: ReadonlyMap<string, XdsRoute>;
  private readonly storing = new Sweep(() => this.store(), {
    everyMs: STORE_MS,
    what: 'Storing loads that xDS clients report',
  });
  private reports: Report[] = [];

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
    this.reports.push({ load: { ...cluster, requests }, access });
  }

  private async store(): Promise<void> {
    const reports = this.reports;
    if (reports.length === 0) return;
    this.reports = [];
    try {
      await this.transactions.run(async (tx) => {
        const loads = new Map<string, ReportedLoad>();
        for (const [name, route] of this.routes) {
          const ofRoute = reports.filter(({ load }) => load.route === name);
          const stored = ofRoute.length === 0 ? undefined : await this.catalog.read(tx, route);
          if (stored === undefined) continue;
          const placed = { place: stored.place, isOpen: route.open };
          for (const { load, access } of ofRoute) if (access.maySee(placed)) addTo(loads, load);
        }
        await this.repository.addLoads(tx, [...loads.values()]);
      });
    } catch (error) {
      this.reports = [...reports, ...this.reports].slice(-MAX_REPORTS);
      throw error;
    }
  }
}

function addTo(loads: Map<string, ReportedLoad>, load: ReportedLoad): void {
  const key = `${load.route} ${load.generation} ${load.version}`;
  const before = loads.get(key)?.requests ?? 0;
  loads.set(key, { ...load, requests: before + load.requests });
}
