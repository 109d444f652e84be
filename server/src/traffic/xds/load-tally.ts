import type { CountedCluster } from './xds-names.js';

/** How many requests one generation of a route sent to a version. */
export interface ReportedLoad extends CountedCluster {
  readonly requests: number;
}

/** Of one report, and of what adds up until it is stored: more nobody sends, and the store's counts hold many such. */
const MAX_REQUESTS = 1_000_000_000;
/** Of one client and route: two versions in two generations, and as many again while the route moves on. */
const MAX_CLUSTERS = 8;
/** While the store is away; what others report then is lost. */
const MAX_CLIENTS = 20_000;

/** Adds up what the clients of one route report until it is stored. However much they report, it stays small. */
export class LoadTally<Client> {
  private readonly loads = new Map<Client, Map<string, ReportedLoad>>();

  add(client: Client, load: ReportedLoad): void {
    const ofClient = this.loads.get(client) ?? new Map<string, ReportedLoad>();
    const key = `${load.generation} ${load.version}`;
    const before = ofClient.get(key);
    if (before === undefined && ofClient.size === MAX_CLUSTERS) return;
    if (ofClient.size === 0 && this.loads.size === MAX_CLIENTS) return;
    this.loads.set(client, ofClient);
    ofClient.set(key, { ...load, requests: Math.min(MAX_REQUESTS, (before?.requests ?? 0) + load.requests) });
  }

  /** Adds what another tally has. */
  addAll(other: LoadTally<Client>): void {
    for (const [client, loads] of other.loads) for (const load of loads.values()) this.add(client, load);
  }

  /** What clients reported that may be heard, of the clusters that count, added up by cluster. */
  sums(isHeard: (client: Client) => boolean, counts: (load: CountedCluster) => boolean): readonly ReportedLoad[] {
    const sums = new LoadTally<'all'>();
    for (const [client, loads] of this.loads) {
      if (!isHeard(client)) continue;
      for (const load of loads.values()) if (counts(load)) sums.add('all', load);
    }
    return [...(sums.loads.get('all')?.values() ?? [])];
  }
}
