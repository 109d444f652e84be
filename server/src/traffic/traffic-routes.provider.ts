import type { TrafficConfig, TrafficRoute, XdsRoute } from '../platform/config/traffic.js';
import { GatewayApiRouter } from './gateway-api/gateway-api-router.adapter.js';
import { HaproxyRouter } from './haproxy-router.adapter.js';
import { NginxRouter } from './nginx-router.adapter.js';
import { routeName, type TrafficTarget } from './route-name.js';
import type { TrafficRouter } from './traffic-router.js';

export { routeName, type TrafficTarget };

export interface RoutedService {
  readonly target: TrafficTarget;
  readonly router: TrafficRouter;
  /** How many requests one user sends, on average. */
  readonly requestsPerKey: number;
  readonly afterRelease: TrafficRoute['afterRelease'];
}

/** Which service's traffic is moved by what. */
export class TrafficRoutes {
  private readonly byTarget: ReadonlyMap<string, RoutedService>;

  constructor(readonly services: readonly RoutedService[]) {
    this.byTarget = new Map(services.map((service) => [routeName(service.target), service]));
  }

  static open({ routes }: TrafficConfig, openXds: (route: XdsRoute) => TrafficRouter): TrafficRoutes {
    return new TrafficRoutes(
      routes.map((route) => {
        const { project, environment, service, requestsPerKey, afterRelease } = route;
        return {
          target: { project, environment, service },
          router: routerOf(route, openXds),
          requestsPerKey,
          afterRelease,
        };
      }),
    );
  }

  find(target: TrafficTarget): RoutedService | undefined {
    return this.byTarget.get(routeName(target));
  }
}

function routerOf(route: TrafficRoute, openXds: (route: XdsRoute) => TrafficRouter): TrafficRouter {
  switch (route.router) {
    case 'haproxy':
      return new HaproxyRouter(route);
    case 'nginx':
      return new NginxRouter(route);
    case 'gateway-api':
      return new GatewayApiRouter(route);
    case 'xds':
      return openXds(route);
  }
}
