import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Transactions } from '../../kernel/transactions.js';
import type { XdsRoute } from '../../platform/config/traffic.js';
import { Outbox } from '../../platform/outbox/outbox.js';
import { routeName } from '../route-name.js';
import { SILENT_MS } from './replica-voice.js';
import type { RouteAudience } from './route-audience.js';
import { type StoredRoute, XdsCatalog } from './xds-catalog.service.js';
import { XDS_ROUTE_CHANGED } from './xds-route-changed.js';
import type { XdsRouteState } from './xds-route-state.js';
import { XdsRoutesRepository } from './xds-routes.repository.js';

/** What the routers of xDS ask of the store. */
@Injectable()
export class XdsStates {
  constructor(
    private readonly transactions: Transactions,
    private readonly catalog: XdsCatalog,
    private readonly repository: XdsRoutesRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  now(): Date {
    return this.clock.now();
  }

  /** Undefined while there is nothing to route. */
  read(route: XdsRoute): Promise<StoredRoute | undefined> {
    return this.transactions.read((tx) => this.catalog.read(tx, route));
  }

  /** Stores a state over the one it was made from, and lets the replicas know; undefined when somebody was first. */
  save(route: XdsRoute, state: XdsRouteState): Promise<XdsRouteState | undefined> {
    const name = routeName(route);
    return this.transactions.run(async (tx) => {
      if (!(await this.repository.save(tx, name, state, this.clock.now()))) return undefined;
      await this.outbox.append(tx, XDS_ROUTE_CHANGED, { route: name });
      return { ...state, version: state.version + 1 };
    });
  }

  /** The clients at every replica that is there. */
  audiences(route: XdsRoute): Promise<readonly RouteAudience[]> {
    const since = new Date(this.clock.now().getTime() - SILENT_MS);
    return this.transactions.read((tx) => this.repository.audiences(tx, routeName(route), since));
  }

  /** Requests of one generation of a route, by version. */
  loads(route: XdsRoute, generation: number): Promise<ReadonlyMap<string, number>> {
    return this.transactions.read((tx) => this.repository.loads(tx, routeName(route), generation));
  }
}
