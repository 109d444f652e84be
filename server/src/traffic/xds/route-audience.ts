import type { DiscoverySession } from './discovery-session.js';
import type { RouteSnapshot } from './xds-snapshot.js';

/** The clients of a route at one replica. Plain data, kept in the store for the others. */
export interface RouteAudience {
  /** Of the route, as this replica serves it. */
  readonly version: number;
  readonly clients: number;
  /** How many of them do not do as the route says. */
  readonly behind: number;
  /** What they refused, in their own words: a few. */
  readonly complaints: readonly string[];
}

/** Whether all clients do as a version of a route says. */
export type Confirmation =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'confirmed'; readonly clients: number }
  | { readonly kind: 'waiting'; readonly clients: number; readonly behind: number; readonly sentence: string };

const MAX_COMPLAINTS = 3;

/** A client's stream, and what the client calls itself: plain text, as are its complaints. */
export interface NamedSession {
  readonly node: string;
  readonly session: DiscoverySession;
}

/** Such a client of one route. */
export interface RouteSession extends NamedSession {
  /** Whether it has shown that it belongs there; anybody may have opened the others. */
  readonly isBelieved: boolean;
}

/**
 * Sums up where the clients of a route stand at this replica: those that are believed. Where there are none of these, all
 * of them, or an open route could never be confirmed that nobody with a token follows.
 */
export function audienceOf(sessions: readonly RouteSession[], snapshot: RouteSnapshot): RouteAudience {
  const all = sessions.filter(({ session }) => session.watches(snapshot));
  const believed = all.filter(({ isBelieved }) => isBelieved);
  const watching = believed.length > 0 ? believed : all;
  const complaints = watching.flatMap(({ node, session }) =>
    session.complaints().map(({ type, sentence }) => `${node} refuses its ${nameOf(type)}: ${sentence}`),
  );
  return {
    version: snapshot.version,
    clients: watching.length,
    behind: watching.filter(({ session }) => !session.has(snapshot)).length,
    complaints: [...new Set(complaints)].slice(0, MAX_COMPLAINTS),
  };
}

/** Whether all clients at all replicas do as a version of a route says. */
export function confirmationOf(audiences: readonly RouteAudience[], version: number): Confirmation {
  const present = audiences.filter(({ clients }) => clients > 0);
  const clients = present.reduce((sum, each) => sum + each.clients, 0);
  if (clients === 0) return { kind: 'nobody' };
  const behind = present.reduce((sum, each) => sum + (each.version < version ? each.clients : each.behind), 0);
  if (behind === 0) return { kind: 'confirmed', clients };
  const told = `${behind} of ${clients} xDS clients ${behind === 1 ? 'has' : 'have'} not taken the route.`;
  return {
    kind: 'waiting',
    clients,
    behind,
    sentence: [told, ...present.flatMap((each) => each.complaints)].join(' '),
  };
}

function nameOf(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}
