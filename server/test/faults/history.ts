/** What a service saw of one flag, in one of its instances, in the order in which it saw it. */
export interface Sighting {
  readonly observer: string;
  /** Of the environment. */
  readonly revision: number;
  readonly value: number;
}

/** A change of the flag as the store has it. */
export interface StoredChange {
  /** Of the environment, which the change brought it to. */
  readonly revision: number;
  readonly before: number;
  readonly after: number;
}

/** What is stored and what was seen of one flag that everybody changes, from the beginning. */
export interface History {
  /** What it served before the first change. */
  readonly initial: number;
  /** In the order in which they were stored. */
  readonly stored: readonly StoredChange[];
  /** Revision that the environment has come to. */
  readonly newest: number;
  readonly sightings: readonly Sighting[];
}

/**
 * What is wrong with a history, in sentences; nothing: each change was made of what the one before it had left, every
 * value seen was the stored one at the revision that it was seen with, and nobody went back in time.
 */
export function faultsOf({ initial, stored, newest, sightings }: History): readonly string[] {
  return [...storeFaults(initial, stored), ...sightings.flatMap(sightingFaults({ initial, stored, newest }))];
}

function storeFaults(initial: number, stored: readonly StoredChange[]): readonly string[] {
  return stored.flatMap(({ revision, before }, index) => {
    const last = stored[index - 1] ?? { revision: 0, after: initial };
    return [
      ...(before === last.after
        ? []
        : [`The change at ${revision} was made of ${before}, and ${last.after} was stored.`]),
      ...(revision > last.revision ? [] : [`The change at ${revision} was stored after that at ${last.revision}.`]),
    ];
  });
}

function sightingFaults(history: Omit<History, 'sightings'>): (sighting: Sighting) => readonly string[] {
  const newest = new Map<string, number>();
  return ({ observer, revision, value }) => {
    const faults: string[] = [];
    const seen = `${observer} saw ${value} at revision ${revision}`;
    if (revision > history.newest) faults.push(`${seen}, and the newest is ${history.newest}.`);
    const is = valueAt(history, revision);
    if (value !== is) faults.push(`${seen}, where ${is} is stored; ${whenStored(history.stored, value)}.`);
    const before = newest.get(observer) ?? revision;
    if (revision < before) faults.push(`${observer} went back from revision ${before} to ${revision}.`);
    newest.set(observer, Math.max(before, revision));
    return faults;
  };
}

function valueAt({ initial, stored }: Pick<History, 'initial' | 'stored'>, revision: number): number {
  return stored.findLast((change) => change.revision <= revision)?.after ?? initial;
}

function whenStored(stored: readonly StoredChange[], value: number): string {
  const revisions = stored.filter(({ after }) => after === value).map(({ revision }) => revision);
  return revisions.length === 0 ? 'nobody ever stored that' : `that was stored at ${revisions.join(', ')}`;
}
