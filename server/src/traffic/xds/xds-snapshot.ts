import type { ServiceInstance } from '../../deployments/index.js';
import {
  CLUSTER,
  countedClusterName,
  ENDPOINTS,
  RESOURCE_TYPES,
  type ResourceType,
  ROUTES,
  versionClusterName,
} from './xds-names.js';
import {
  clustersOf,
  endpointsOf,
  listenerOf,
  routesOf,
  type XdsResource,
  type XdsRouteSetup,
} from './xds-resources.js';
import { partsOf, type XdsRouteState } from './xds-route-state.js';

/** A resource and a short word that changes whenever its content does. */
export interface DigestedResource extends XdsResource {
  readonly digest: string;
}

/** What is told of one route. */
export interface RouteSnapshot {
  readonly route: string;
  /** The version of the route's state. */
  readonly version: number;
  readonly resources: readonly DigestedResource[];
  /** What a client has to have before it does as the route says. */
  readonly needs: readonly { readonly type: ResourceType; readonly name: string; readonly digest?: string }[];
}

/**
 * All resources of a route, in the order in which they are told. The clusters of the generation before are still among
 * them: clients that have not heard of the new one use them. The same input gives the same bytes on every replica.
 * `served`: by version, the instances that callers are sent to.
 */
export function snapshotOf(
  setup: XdsRouteSetup,
  state: XdsRouteState,
  served: ReadonlyMap<string, readonly ServiceInstance[]>,
  digest: (value: Uint8Array) => string,
): RouteSnapshot {
  const { route } = setup;
  const parts = partsOf(state);
  const held = [state.arms.stable, state.arms.candidate].filter((version) => version !== null);
  const versions = [...new Set([...held, ...served.keys()])].sort();
  const generations = state.version === 0 ? [0] : [state.version - 1, state.version];
  const resources = [
    ...versions.flatMap((version) => clustersOf(setup, version, generations)),
    ...versions.map((version) => endpointsOf(route, version, served.get(version) ?? [])),
    // Without a version there is nowhere to lead anybody.
    ...(parts.length === 0 ? [] : [listenerOf(setup), routesOf(setup, state, versions)]),
  ]
    .map((resource) => ({ ...resource, digest: digest(resource.value) }))
    .sort((a, b) => RESOURCE_TYPES.indexOf(a.type) - RESOURCE_TYPES.indexOf(b.type));
  const routes = resources.find(({ type }) => type === ROUTES);
  const needs = parts.flatMap(({ version }): RouteSnapshot['needs'] => [
    { type: CLUSTER, name: countedClusterName({ route, version, generation: state.version }) },
    { type: ENDPOINTS, name: versionClusterName(route, version) },
  ]);
  return {
    route,
    version: state.version,
    resources,
    needs: routes === undefined ? [] : [...needs, { type: ROUTES, name: route, digest: routes.digest }],
  };
}
