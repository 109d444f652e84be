import type { ServiceInstance } from '../../deployments/index.js';
import {
  CLUSTER,
  countedClusterName,
  ENDPOINTS,
  LISTENER,
  RESOURCE_TYPES,
  type ResourceType,
  ROUTES,
  versionClusterName,
} from './xds-names.js';
import { clustersOf, type EndpointsResource, routesOf, type XdsResource, type XdsRouteSetup } from './xds-resources.js';
import { partsOf, type XdsRouteState } from './xds-route-state.js';

/** A resource as it is told, and a short word that changes whenever its content does. */
export interface EncodedResource {
  readonly type: ResourceType;
  readonly name: string;
  readonly value: Uint8Array<ArrayBuffer>;
  readonly digest: string;
}

/** What is told of one route. */
export interface RouteSnapshot {
  readonly route: string;
  /** The version of the route's state. */
  readonly version: number;
  readonly resources: readonly EncodedResource[];
  /** What a client has to have before it does as the route says. */
  readonly needs: readonly { readonly type: ResourceType; readonly name: string; readonly digest?: string }[];
}

/**
 * All resources of a route, in the order in which they are told: none while no version is known, for there is nowhere to
 * lead anybody. The clusters of the generation before are still among them: clients that have not heard of the new one
 * use them. `served`: by version, the instances that callers are sent to.
 */
export function resourcesOf(
  setup: XdsRouteSetup,
  state: XdsRouteState,
  served: ReadonlyMap<string, readonly ServiceInstance[]>,
): readonly XdsResource[] {
  const { route, listener } = setup;
  if (partsOf(state).length === 0) return [];
  const held = [state.arms.stable, state.arms.candidate].filter((version) => version !== null);
  const versions = [...new Set([...held, ...served.keys()])].sort();
  const generations = state.version === 0 ? [0] : [state.version - 1, state.version];
  const resources: readonly XdsResource[] = [
    ...versions.flatMap((version) => clustersOf(setup, version, generations)),
    ...versions.map((version): EndpointsResource => ({
      type: ENDPOINTS,
      name: versionClusterName(route, version),
      instances: served.get(version) ?? [],
    })),
    { type: LISTENER, name: listener, route },
    routesOf(setup, state, versions),
  ];
  return [...resources].sort((a, b) => RESOURCE_TYPES.indexOf(a.type) - RESOURCE_TYPES.indexOf(b.type));
}

/** What is told of a route, from its resources as they are told. */
export function snapshotOf(route: string, state: XdsRouteState, resources: readonly EncodedResource[]): RouteSnapshot {
  const { version: generation } = state;
  const routes = resources.find(({ type }) => type === ROUTES);
  const needs = partsOf(state).flatMap(({ version }): RouteSnapshot['needs'] => [
    { type: CLUSTER, name: countedClusterName({ route, version, generation }) },
    { type: ENDPOINTS, name: versionClusterName(route, version) },
  ]);
  return {
    route,
    version: generation,
    resources,
    needs: routes === undefined ? [] : [...needs, { type: ROUTES, name: route, digest: routes.digest }],
  };
}
