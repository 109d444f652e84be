import type { ServerState } from '../traffic-router.js';

/** What of a list of EndpointSlices (discovery.k8s.io/v1) Sluice reads. */
export interface EndpointSliceList {
  readonly items?: readonly { readonly endpoints?: readonly Endpoint[] | null }[];
}

export interface Endpoint {
  readonly addresses: readonly string[];
  readonly conditions?: {
    /** Absent or null: not known, which the API says to take for yes. */
    readonly ready?: boolean | null;
    readonly terminating?: boolean | null;
  };
  readonly targetRef?: { readonly name?: string; readonly uid?: string };
}

/**
 * The pods behind a Service, each once: one of two address families stands in two slices. A pod that ends is no capacity,
 * neither up nor missing. They all weigh the same, as a Service has it.
 */
export function endpointsOf({ items = [] }: EndpointSliceList): readonly ServerState[] {
  const servers = new Map<string, ServerState>();
  for (const { endpoints } of items) {
    for (const endpoint of endpoints ?? []) {
      if (endpoint.conditions?.terminating === true) continue;
      const { addresses, targetRef, conditions } = endpoint;
      const name = targetRef?.name ?? addresses[0] ?? 'unnamed';
      const isReady = conditions?.ready !== false;
      const server = { name, weight: isReady ? 1 : 0, fullWeight: 1, says: isReady ? 'ready' : 'not ready' };
      const key = targetRef?.uid ?? name;
      if (servers.get(key)?.weight !== 1) servers.set(key, server);
    }
  }
  return [...servers.values()];
}
