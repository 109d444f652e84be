/** The types of resources, as their URLs name them, in the order in which they are told: what others name comes first. */
export const CLUSTER = 'type.googleapis.com/envoy.config.cluster.v3.Cluster';
export const ENDPOINTS = 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment';
export const LISTENER = 'type.googleapis.com/envoy.config.listener.v3.Listener';
export const ROUTES = 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration';
export const RESOURCE_TYPES = [CLUSTER, ENDPOINTS, LISTENER, ROUTES] as const;
export type ResourceType = (typeof RESOURCE_TYPES)[number];

/** The requests that one generation of a route sends to a version of its service. */
export interface CountedCluster {
  readonly route: string;
  readonly version: string;
  readonly generation: number;
}

/**
 * The cluster that a generation of a route sends its share of a version to. Each generation has clusters of its own, so
 * that what clients report is told from what they sent under another share. (Neither routes nor versions have a #, and
 * routes have no @.)
 */
export function countedClusterName({ route, version, generation }: CountedCluster): string {
  return `${versionClusterName(route, version)}#${generation}`;
}

/** The instances of a version; and the cluster of the requests that ask for it by name, which no share counts. */
export function versionClusterName(route: string, version: string): string {
  return `${route}@${version}`;
}

/** What a reported cluster counts; undefined where it is none that is counted. */
export function parseCountedCluster(name: string): CountedCluster | undefined {
  const match = /^([^@#]+)@([^#]+)#(\d{1,9})$/u.exec(name);
  if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) return undefined;
  return { route: match[1], version: match[2], generation: Number(match[3]) };
}
