/** What a service saw of one flag, in one of its instances, in the order in which it saw it. */
export interface Sighting {
  readonly observer: string;
  readonly revision: number;
  readonly value: number;
}

/** What became of a write: `unknown` when the one who wrote was cut off before it was told. */
export type Outcome = 'accepted' | 'refused' | 'unknown';

export interface Write {
  readonly value: number;
  readonly outcome: Outcome;
}

/** What was written and what was seen of one flag that everybody changes, from the beginning. */
export interface History {
  /** What it served before the first write. */
  readonly initial: number;
  readonly writes: readonly Write[];
  readonly sightings: readonly Sighting[];
}

/**
 * What is wrong with a history, in sentences; nothing: every value seen was published, every revision is the same for
 * everybody, and nobody went back in time. A write whose outcome is unknown may have been stored or not.
 */
export function faultsOf({ initial, writes, sightings }: History): readonly string[] {
  const published = new Set([
    initial,
    ...writes.flatMap(({ outcome, value }) => (outcome === 'refused' ? [] : [value])),
  ]);
  const byRevision = new Map<number, number>();
  const newest = new Map<string, number>();
  const faults: string[] = [];
  for (const { observer, revision, value } of sightings) {
    if (!published.has(value))
      faults.push(`${observer} saw ${value} at revision ${revision}, which was never published.`);
    const known = byRevision.get(revision) ?? value;
    if (known !== value) faults.push(`${observer} saw ${value} at revision ${revision}, where others saw ${known}.`);
    byRevision.set(revision, known);
    const before = newest.get(observer) ?? revision;
    if (revision < before) faults.push(`${observer} went back from revision ${before} to ${revision}.`);
    newest.set(observer, Math.max(before, revision));
  }
  return faults;
}
