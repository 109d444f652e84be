import { isAttributes } from './read-attribute.js';
import type { Snapshot, SnapshotFlag } from './snapshot.js';

/** A flag whose JSON nobody has asked for yet. It holds the whole text that it came in for as long as it lives. */
export class FlagText {
  constructor(
    readonly key: string,
    /** JSON as far as is known. */
    readonly text: string,
  ) {}
}

/** A flag as a snapshot has it: read, or still as text. */
export type FlagSource = SnapshotFlag | FlagText;

/**
 * Reads a flag; never throws. Text that turns out to be no JSON, or another key's, makes a flag that has nothing but its
 * key: the evaluator cannot read it, so that it disables itself and harms no other.
 */
export function readFlag(source: FlagSource): SnapshotFlag {
  if (!(source instanceof FlagText)) return source;
  try {
    const flag: unknown = JSON.parse(source.text);
    // What else is in it is looked at by those who rely on it.
    if (isAttributes(flag) && flag['key'] === source.key) return flag as unknown as SnapshotFlag;
  } catch {
    // no JSON
  }
  const nothing: Pick<SnapshotFlag, 'key'> = { key: source.key };
  return nothing as SnapshotFlag; // safe: what it lacks is looked for before it is used, as in all flags
}

/** A snapshot apart from its flags, and these as they came. */
interface SnapshotParts {
  readonly rest: Omit<Snapshot, 'flags'>;
  readonly flags: readonly FlagSource[];
}

/** Of snapshots some of whose flags are text. */
const partsOfDeferred = new WeakMap<object, SnapshotParts>();

/** Takes a snapshot apart; of its flags none is read. */
export function partsOf(snapshot: Snapshot): SnapshotParts {
  const known = partsOfDeferred.get(snapshot);
  if (known !== undefined) return known;
  const { flags, ...rest } = snapshot;
  return { rest, flags };
}

/** The flags of a snapshot as they came: none is read. */
export function flagSourcesOf(snapshot: Snapshot): readonly FlagSource[] {
  return partsOfDeferred.get(snapshot)?.flags ?? snapshot.flags;
}

/**
 * Puts a snapshot together. To its readers it is like any other, also to those who copy it or write its JSON: flags that
 * are still text are read when somebody asks for `flags`, all at once and once.
 */
export function snapshotOf(parts: SnapshotParts): Snapshot {
  const { rest, flags: sources } = parts;
  if (!sources.some((source) => source instanceof FlagText)) return { ...rest, flags: sources.map(readFlag) };
  let read: readonly SnapshotFlag[] | undefined;
  const snapshot: Snapshot = {
    ...rest,
    get flags() {
      read ??= sources.map(readFlag);
      return read;
    },
  };
  partsOfDeferred.set(snapshot, parts);
  return snapshot;
}
