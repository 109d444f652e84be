import type { Visit } from './load.js';

/** What users really got once a change had reached every instance. */
export interface Observation {
  /** How long after a moment each instance first served the revision, milliseconds, by instance. */
  readonly reachMs: ReadonlyMap<string, number>;
  /** Users who got the new, and all who were met. */
  readonly newUsers: ReadonlySet<string>;
  readonly allUsers: ReadonlySet<string>;
  /** Users who got different things at the same revision. */
  readonly tornUsers: ReadonlySet<string>;
}

/** Which visits are looked at, and what is new of them. */
export interface Lens {
  /** Visits at revisions from this one on... */
  readonly from: number;
  /** ...to this one, itself included; absent: for ever. */
  readonly to?: number;
  /** From when `reachMs` counts. */
  readonly sinceMs: number;
  readonly isNew: (visit: Visit) => boolean;
}

export function observe(visits: readonly Visit[], { from, to = Infinity, sinceMs, isNew }: Lens): Observation {
  const reachMs = new Map<string, number>();
  const newUsers = new Set<string>();
  const oldUsers = new Set<string>();
  for (const visit of visits) {
    if (visit.revision < from || visit.revision > to) continue;
    if (!reachMs.has(visit.instance)) reachMs.set(visit.instance, visit.atMs - sinceMs);
    (isNew(visit) ? newUsers : oldUsers).add(visit.user);
  }
  return {
    reachMs,
    newUsers,
    allUsers: new Set([...newUsers, ...oldUsers]),
    tornUsers: new Set([...newUsers].filter((user) => oldUsers.has(user))),
  };
}

/** Users who had the new and then got something else, at a newer revision or at the same one. */
export function droppedUsers(visits: readonly Visit[], isNew: (visit: Visit) => boolean): ReadonlySet<string> {
  const firstNewAt = new Map<string, number>();
  for (const visit of visits) {
    if (isNew(visit)) firstNewAt.set(visit.user, Math.min(visit.revision, firstNewAt.get(visit.user) ?? Infinity));
  }
  const dropped = visits.filter((visit) => !isNew(visit) && visit.revision >= (firstNewAt.get(visit.user) ?? Infinity));
  return new Set(dropped.map(({ user }) => user));
}
