import { CLUSTER, ENDPOINTS, LISTENER, RESOURCE_TYPES, type ResourceType, ROUTES } from './xds-names.js';
import type { EncodedResource, RouteSnapshot } from './xds-snapshot.js';

/** What a client asks, or says of what it was told. */
export interface DiscoveryAsk {
  readonly typeUrl: string;
  readonly resourceNames: readonly string[];
  /** Of the answer that it speaks of; empty when it speaks of none. */
  readonly responseNonce: string;
  /** Why it does not take that answer; undefined: it took it. */
  readonly refusal: string | undefined;
}

export interface DiscoveryAnswer {
  readonly type: ResourceType;
  readonly nonce: string;
  readonly resources: readonly EncodedResource[];
}

/** What a client refused, and keeps the one before of. */
export interface Complaint {
  readonly type: ResourceType;
  readonly sentence: string;
}

interface TypeStanding {
  /** Undefined: all there are. */
  names: ReadonlySet<string> | undefined;
  /** It asked, and has not been answered. */
  isDue: boolean;
  nonce: string;
  /** What the last answer held. */
  told: ReadonlyMap<string, string>;
  /** What the last answer that it took held. */
  taken: ReadonlyMap<string, string>;
  complaint: string | undefined;
}

const NOTHING: ReadonlyMap<string, string> = new Map();

/**
 * One client's stream of discovery, state of the world (xDS transport protocol, "SotW"): which resources it wants, what
 * it was told and what it took. Answers come when the names it wants change, or what they mean; a client that only says
 * that it took something is not answered. Knows no time and writes nowhere.
 */
export class DiscoverySession {
  private readonly standings = new Map<ResourceType, TypeStanding>();
  private told = 0;

  /** Takes what a client says; returns the complaint, if it is one. */
  take({ typeUrl, resourceNames, responseNonce, refusal }: DiscoveryAsk): Complaint | undefined {
    const type = RESOURCE_TYPES.find((each) => each === typeUrl);
    if (type === undefined) return undefined; // another kind of resource: there are none, and none will come
    const known = this.standings.get(type);
    // It speaks of an answer before the last one: it will speak of that one too.
    if (known !== undefined && responseNonce !== '' && responseNonce !== known.nonce) return undefined;
    const standing = known ?? {
      names: new Set(),
      isDue: true,
      nonce: '',
      told: NOTHING,
      taken: NOTHING,
      complaint: undefined,
    };
    this.standings.set(type, standing);
    const names = wanted(type, resourceNames, known);
    if (known === undefined || !isSame(known.names, names)) standing.isDue = true;
    standing.names = names;
    if (responseNonce === '' || known === undefined || responseNonce !== known.nonce) return undefined;
    standing.complaint = refusal;
    if (refusal === undefined) standing.taken = standing.told;
    return refusal === undefined ? undefined : { type, sentence: refusal };
  }

  /** What the client is to be told now, in the order in which it is to be; it is taken to be told. */
  answers(catalog: readonly RouteSnapshot[]): readonly DiscoveryAnswer[] {
    return RESOURCE_TYPES.flatMap((type) => this.answer(type, catalog) ?? []);
  }

  /** Whether the client wants to know where requests of a route go. */
  watches({ route, resources }: RouteSnapshot): boolean {
    const listener = resources.find(({ type }) => type === LISTENER);
    const asksFor = (type: ResourceType, name: string): boolean => this.standings.get(type)?.names?.has(name) ?? false;
    return asksFor(ROUTES, route) || (listener !== undefined && asksFor(LISTENER, listener.name));
  }

  /** Whether the client does as a route says: it took the route, and all that this leads to. */
  has({ needs }: RouteSnapshot): boolean {
    return needs.every(({ type, name, digest }) => {
      const standing = this.standings.get(type);
      const taken = standing?.taken.get(name);
      const isWanted = standing !== undefined && (standing.names?.has(name) ?? true);
      return isWanted && taken !== undefined && (digest === undefined || taken === digest);
    });
  }

  /** What the client has refused of late, and not taken anything after. */
  complaints(): readonly Complaint[] {
    return [...this.standings].flatMap(([type, { complaint }]) =>
      complaint === undefined ? [] : [{ type, sentence: complaint }],
    );
  }

  private answer(type: ResourceType, catalog: readonly RouteSnapshot[]): DiscoveryAnswer | undefined {
    const standing = this.standings.get(type);
    if (standing === undefined) return undefined;
    const { names } = standing;
    const resources = catalog
      .filter((snapshot) => type !== ROUTES || this.isReadyFor(snapshot))
      .flatMap((snapshot) => snapshot.resources)
      .filter((resource) => resource.type === type && (names?.has(resource.name) ?? true));
    const content = new Map(resources.map(({ name, digest }) => [name, digest]));
    if (!standing.isDue && isEqual(content, standing.told)) return undefined;
    // Routes and endpoints are not full states: silence says that there is none (yet).
    if (resources.length === 0 && (type === ROUTES || type === ENDPOINTS)) return undefined;
    this.told += 1;
    Object.assign(standing, { isDue: false, told: content, nonce: String(this.told) });
    return { type, resources, nonce: standing.nonce };
  }

  /**
   * A proxy, which wants all clusters, sends nobody to a cluster that it does not have yet: it hears of the route when
   * it has what this leads to. A client of gRPC asks for clusters by name, after it heard of the route, and waits.
   */
  private isReadyFor({ needs }: RouteSnapshot): boolean {
    const clusters = this.standings.get(CLUSTER);
    if (clusters === undefined || clusters.names !== undefined) return true;
    return needs
      .filter(({ type }) => type !== ROUTES)
      .every(({ type, name }) => this.standings.get(type)?.taken.has(name) ?? false);
  }
}

/** Listeners and clusters may be wanted all: by no name at first, or by a star. */
function wanted(type: ResourceType, names: readonly string[], known: TypeStanding | undefined): TypeStanding['names'] {
  if (type !== LISTENER && type !== CLUSTER) return new Set(names);
  const wasAll = known === undefined || known.names === undefined;
  return names.includes('*') || (names.length === 0 && wasAll) ? undefined : new Set(names);
}

function isSame(a: TypeStanding['names'], b: TypeStanding['names']): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.size === b.size && [...a].every((name) => b.has(name));
}

function isEqual(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([name, digest]) => b.get(name) === digest);
}
