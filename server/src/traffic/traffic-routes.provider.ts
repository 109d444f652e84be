import type { TrafficConfig, TrafficRoute } from '../platform/config/traffic.js';
import { GatewayApiRouter } from './gateway-api/gateway-api-router.adapter.js';
import { HaproxyRouter } from './haproxy-router.adapter.js';
import { NginxRouter } from './nginx-router.adapter.js';
import type { TrafficRouter } from './traffic-router.js';

/** A service in an environment, by keys. */
export interface TrafficTarget {
  readonly project: string;
  readonly environment: string;
  readonly service: string;
}

export interface RoutedService {
  readonly target: TrafficTarget;
  readonly router: TrafficRouter;
  /** How many requests one user sends, on average. */
  readonly requestsPerKey: number;
  readonly afterRelease: TrafficRoute['afterRelease'];
}

/** What a route is called in the store, and in answers. */
export function routeName({ project, environment, service }: TrafficTarget): string {
  return `${project}/${environment}/${service}`;
}

/** Which service's traffic is moved by what. */
export class TrafficRoutes {
  private readonly byTarget: ReadonlyMap<string, RoutedService>;

  constructor(readonly services: readonly RoutedService[]) {
    this.byTarget = new Map(services.map((service) => [routeName(service.target), service]));
  }

  static open({ routes }: TrafficConfig): TrafficRoutes {
    return new TrafficRoutes(
      routes.map((route) => {
        const { project, environment, service, requestsPerKey, afterRelease } = route;
        return { target: { project, environment, service }, router: routerOf(route), requestsPerKey, afterRelease };
      }),
    );
  }

  find(target: TrafficTarget): RoutedService | undefined {
    return this.byTarget.get(routeName(target));
  }
}

function routerOf(route: TrafficRoute): TrafficRouter {
  switch (route.router) {
    case 'haproxy':
      return new HaproxyRouter(route);
    case 'nginx':
      return new NginxRouter(route);
    case 'gateway-api':
      return new GatewayApiRouter(route);
  }
}
