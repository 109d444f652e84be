import { Injectable } from '@nestjs/common';
import { servedInstances, type ServiceInstance, ServiceInstances, ServicesReader } from '../../deployments/index.js';
import { Clock } from '../../kernel/clock.js';
import { SluiceError } from '../../kernel/errors.js';
import type { RequestContext } from '../../kernel/request-context.js';
import type { Place } from '../../kernel/scope.js';
import type { Transaction } from '../../kernel/transactions.js';
import type { XdsRoute } from '../../platform/config/traffic.js';
import { type Environment, ProjectsReader } from '../../projects/index.js';
import { routeName } from '../route-name.js';
import { encodeResource } from './encode-resource.adapter.js';
import { firstState, type XdsRouteState } from './xds-route-state.js';
import { XdsRoutesRepository } from './xds-routes.repository.js';
import { resourcesOf, type RouteSnapshot, snapshotOf } from './xds-snapshot.js';

const SYSTEM: RequestContext = {
  actor: { kind: 'system', id: 'xds', name: 'xDS' },
  requestId: 'xds',
  traceparent: undefined,
  scope: 'instance',
};

/** A route as the store has it. */
export interface StoredRoute {
  readonly place: Place;
  readonly state: XdsRouteState;
  /** With those whose lease has ended. */
  readonly instances: readonly ServiceInstance[];
}

/** What is told of a route, and to whom. */
export interface PlacedSnapshot {
  readonly place: Place;
  /** Whether it is told to those who show no token too. */
  readonly isOpen: boolean;
  /** Whether those are believed as others. */
  readonly isOpenBelieved: boolean;
  readonly snapshot: RouteSnapshot;
}

/** Reads what clients of xDS are told. */
@Injectable()
export class XdsCatalog {
  constructor(
    private readonly projects: ProjectsReader,
    private readonly services: ServicesReader,
    private readonly instances: ServiceInstances,
    private readonly routes: XdsRoutesRepository,
    private readonly clock: Clock,
  ) {}

  /** Undefined while its environment is not there, or no version of its service was ever installed or asked for in it. */
  async read(tx: Transaction, route: XdsRoute): Promise<StoredRoute | undefined> {
    const environment = await this.environmentOf(tx, route);
    if (environment === undefined) return undefined;
    const { id: environmentId, projectId } = environment;
    const state = (await this.routes.find(tx, routeName(route))) ?? (await this.first(tx, environmentId, route));
    if (state === undefined) return undefined;
    const instances = await this.instances.of(tx, { projectId, environmentId, key: route.service });
    return { place: { projectId, environmentId }, state, instances };
  }

  /** Undefined as `read`. */
  async snapshot(tx: Transaction, route: XdsRoute): Promise<PlacedSnapshot | undefined> {
    const stored = await this.read(tx, route);
    if (stored === undefined) return undefined;
    const { place, state, instances } = stored;
    const { listener, versionHeader, bucketHeader, http2 } = route;
    const setup = { route: routeName(route), listener, versionHeader, bucketHeader, http2 };
    const resources = resourcesOf(setup, state, servedByVersion(instances, this.clock.now()));
    const snapshot = snapshotOf(setup.route, state, resources.map(encodeResource));
    return { place, isOpen: route.open, isOpenBelieved: route.believeOpen, snapshot };
  }

  private async first(
    tx: Transaction,
    environmentId: string,
    { service: key }: XdsRoute,
  ): Promise<XdsRouteState | undefined> {
    const traffic = (await this.services.trafficOf(tx, environmentId)).find(({ service }) => service === key);
    return traffic && firstState(traffic.stable.version, traffic.candidate?.version ?? null);
  }

  private async environmentOf(tx: Transaction, { project, environment }: XdsRoute): Promise<Environment | undefined> {
    try {
      return await this.projects.environment(tx, SYSTEM, project, environment);
    } catch (error) {
      if (error instanceof SluiceError && error.kind === 'notFound') return undefined;
      throw error;
    }
  }
}

function servedByVersion(
  instances: readonly ServiceInstance[],
  now: Date,
): ReadonlyMap<string, readonly ServiceInstance[]> {
  const versions = [...new Set(instances.map(({ version }) => version))];
  return new Map(
    versions.map((version) => [
      version,
      servedInstances(
        instances.filter((each) => each.version === version),
        now,
      ),
    ]),
  );
}
