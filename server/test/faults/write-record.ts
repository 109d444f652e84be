/** What became of a write: `unknown` when the one who wrote was cut off before it was told. */
export type Outcome = 'accepted' | 'refused' | 'unknown';

/** What one who wrote knows of a write. */
export interface Write {
  /** That its requests were made with. */
  readonly id: string;
  /** What it was about, as its entry of the audit log is. */
  readonly what: string;
  readonly outcome: Outcome;
  /** When it was sent for the first time and when its answer came, on the clock that all who write share. */
  readonly begun: number;
  readonly ended: number;
}

/** An entry of the audit log. */
export interface WriteEntry {
  readonly sequence: number;
  /** Of the request that did it. */
  readonly id: string;
  readonly what: string;
}

/**
 * What is wrong with an audit log, in sentences; nothing: each write that was accepted has exactly one entry, none that
 * was refused has any, one whose outcome is unknown has at most one, nothing else was done, and no entry stands before
 * that of a write which was accepted before its own began.
 */
export function recordFaults(writes: readonly Write[], entries: readonly WriteEntry[]): readonly string[] {
  const known = new Set(writes.map(({ id }) => id));
  const byWrite = new Map<string, readonly WriteEntry[]>();
  for (const entry of entries) byWrite.set(entry.id, [...(byWrite.get(entry.id) ?? []), entry]);
  return [
    ...writes.flatMap((write) => writeFaults(write, byWrite.get(write.id) ?? [])),
    ...entries
      .filter(({ id }) => !known.has(id))
      .map(({ sequence, what }) => `Entry ${sequence}, ${what}, is of no write.`),
    ...orderFaults(writes, byWrite),
  ];
}

function writeFaults({ what, outcome }: Write, own: readonly WriteEntry[]): readonly string[] {
  const [first, ...others] = own;
  const faults: string[] = [];
  if (outcome === 'accepted' && first === undefined) faults.push(`${what} was accepted and has no entry.`);
  if (outcome === 'refused' && first !== undefined) faults.push(`${what} was refused and has entry ${first.sequence}.`);
  if (others.length > 0) faults.push(`${what} has the entries ${own.map(({ sequence }) => sequence).join(', ')}.`);
  for (const entry of own) {
    if (entry.what !== what) faults.push(`${what} has entry ${entry.sequence}, which is of ${entry.what}.`);
  }
  return faults;
}

interface Placed {
  readonly write: Write;
  readonly sequence: number;
}

function orderFaults(writes: readonly Write[], byWrite: ReadonlyMap<string, readonly WriteEntry[]>): readonly string[] {
  const placed = writes.flatMap((write): readonly Placed[] => {
    const sequence = byWrite.get(write.id)?.[0]?.sequence;
    return sequence === undefined ? [] : [{ write, sequence }];
  });
  const moments = placed.flatMap((each) => [
    { at: each.write.begun, isEnd: false, each },
    { at: each.write.ended, isEnd: true, each },
  ]);
  const faults: string[] = [];
  let last: Placed | undefined;
  for (const { isEnd, each } of moments.toSorted((a, b) => a.at - b.at)) {
    const isLater = last === undefined || each.sequence > last.sequence;
    if (!isEnd && !isLater)
      faults.push(`${each.write.what} stands before ${last?.write.what}, accepted before it began.`);
    if (isEnd && isLater && each.write.outcome === 'accepted') last = each;
  }
  return faults;
}
