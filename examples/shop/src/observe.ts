import type { Load, Visit } from './load.js';

/** What users really got after one change. */
export interface Observation {
  /** How long after the call began each instance first served the new revision, by instance. */
  readonly reachMs: ReadonlyMap<string, number>;
  /** Users who got the new design, and all who were asked, once every instance served the new revision. */
  readonly newUsers: ReadonlySet<string>;
  readonly allUsers: ReadonlySet<string>;
  /** Users who got different designs from different instances at the new revision. */
  readonly tornUsers: ReadonlySet<string>;
}

const PATIENCE_MS = 15_000;

/**
 * Makes a change and watches real visits: until every instance serves the revision it led to, and after that until
 * every user has been seen on every instance. Rejects when that does not happen within 15 s.
 */
export async function observeChange(
  load: Load,
  { instances, users }: { instances: readonly string[]; users: number },
  change: () => Promise<number>,
): Promise<Observation> {
  const startedMs = performance.now();
  const firstServedMs = new Map<string, number>();
  const seen = new Map<string, Map<string, Visit['design']>>();
  const visits: Visit[] = [];
  let revision: number | undefined;
  let finish: () => void = () => undefined;

  const consider = (visit: Visit): void => {
    if (revision === undefined || visit.revision < revision) return;
    if (!firstServedMs.has(visit.instance)) firstServedMs.set(visit.instance, visit.atMs - startedMs);
    const designs = seen.get(visit.user) ?? new Map<string, Visit['design']>();
    seen.set(visit.user, designs.set(visit.instance, visit.design));
    if (seen.size === users && [...seen.values()].every(({ size }) => size === instances.length)) finish();
  };
  const stop = load.listen((visit) => {
    // The answer of the API may come after the first visits that serve its revision.
    if (revision === undefined) visits.push(visit);
    else consider(visit);
  });
  try {
    const done = new Promise<void>((resolve, reject) => {
      finish = resolve;
      const missing = (): string => instances.filter((instance) => !firstServedMs.has(instance)).join(', ');
      setTimeout(
        () => reject(new Error(`The change did not reach everybody in ${PATIENCE_MS} ms; missing: ${missing()}`)),
        PATIENCE_MS,
      ).unref();
    });
    revision = await change();
    visits.forEach(consider);
    await done;
  } finally {
    stop();
  }
  return { reachMs: firstServedMs, ...countUsers(seen) };
}

function countUsers(
  seen: ReadonlyMap<string, ReadonlyMap<string, Visit['design']>>,
): Pick<Observation, 'newUsers' | 'allUsers' | 'tornUsers'> {
  const newUsers = new Set<string>();
  const tornUsers = new Set<string>();
  for (const [user, designs] of seen) {
    const distinct = new Set(designs.values());
    if (distinct.size > 1) tornUsers.add(user);
    if (distinct.has('new')) newUsers.add(user);
  }
  return { newUsers, allUsers: new Set(seen.keys()), tornUsers };
}
