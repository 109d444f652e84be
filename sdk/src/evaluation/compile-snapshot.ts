import { compileFlag, type CompiledFlag, pendingFlag } from './compile-flag.js';
import { compileSegment, linkSegments } from './compile-segment.js';
import { countVisits } from './count-visits.js';
import { type FlagSource, flagSourcesOf, FlagText } from './flag-source.js';
import type { CompiledSegment, Segments } from './match-segment.js';
import { isAttributes, type Attributes } from './read-attribute.js';
import type { Snapshot } from './snapshot.js';

/** A snapshot ready for `evaluate`. Users read `snapshot` and `keys()`; the rest is the evaluator's. */
export interface CompiledSnapshot {
  readonly snapshot: Snapshot;
  /** The keys of all flags, also of malformed ones, in the snapshot's order. */
  keys(): IterableIterator<string>;
  /** `findFlag` compiles those that are pending, each when it is first asked for. */
  readonly flags: ReadonlyMap<string, CompiledFlag>;
  readonly segments: Segments;
  /** How many visits it takes to follow the prerequisites of a flag; of those that were asked about so far. */
  readonly visits: Map<string, number>;
}

/**
 * Makes a snapshot ready for `evaluate`; never throws. Each flag is compiled when it is first asked for. What cannot be
 * read of the snapshot disables only itself and what depends on it. Flags and segments that are the same objects as in
 * `previous`, or flags of the same text, are taken over, so that after a small patch little is compiled. Values and
 * metadata are frozen in place when their flag is compiled: until then nobody may change it. Of two entries of one key the
 * last counts.
 */
export function compileSnapshot(snapshot: Snapshot, previous?: CompiledSnapshot): CompiledSnapshot {
  const flags = new Map<string, CompiledFlag>();
  for (const origin of keyedOf(() => flagSourcesOf(snapshot)) ?? []) {
    const known = previous?.flags.get(origin.key);
    const isKnown = known !== undefined && isSame(known.origin, origin);
    if (isKnown) known.origin = origin;
    flags.set(origin.key, isKnown ? known : pendingFlag(origin));
  }
  const byKey = new Map<string, CompiledSegment>();
  const segments = keyedOf(() => snapshot.segments);
  for (const source of segments ?? []) {
    const known = previous?.segments.byKey.get(source.key);
    byKey.set(source.key, known?.source === source ? known : compileSegment(source));
  }
  return {
    snapshot,
    keys: () => flags.keys(),
    flags,
    segments: linkSegments(byKey, segments !== undefined),
    visits: new Map(),
  };
}

/** Answers a flag ready to be evaluated; undefined where the snapshot has none of this key. Never throws. */
export function findFlag({ flags }: CompiledSnapshot, key: string): CompiledFlag | undefined {
  const flag = flags.get(key);
  // In its place: other revisions that have the same flag need not compile it too.
  return flag === undefined || flag.isCompiled ? flag : Object.assign(flag, compileFlag(flag.origin, key));
}

/**
 * Answers whether the prerequisites of a flag refer to each other in a circle, or take more than 1 000 visits to follow:
 * such a flag is not evaluated. What is off asks for none, and so ends a walk.
 */
export function isTangled(compiled: CompiledSnapshot, key: string): boolean {
  const known = compiled.visits.get(key);
  if (known !== undefined) return known === Infinity;
  const prerequisitesOf = (name: string): readonly string[] =>
    findFlag(compiled, name)?.prerequisites.map(({ flag }) => flag) ?? [];
  return countVisits(key, prerequisitesOf, compiled.visits) === Infinity;
}

/** Answers true also for two texts that say the same. */
function isSame(one: FlagSource, other: FlagSource): boolean {
  return one === other || (one instanceof FlagText && other instanceof FlagText && one.text === other.text);
}

type Keyed<T> = T & Attributes & { readonly key: string };

/** The entries of a list that have a key; undefined where there is no list. */
function keyedOf<T>(read: () => readonly T[]): readonly Keyed<T>[] | undefined {
  try {
    const list: unknown = read();
    if (!Array.isArray(list)) return undefined;
    return list.filter((entry): entry is Keyed<T> => isAttributes(entry) && typeof entry['key'] === 'string');
  } catch {
    return undefined; // a getter that throws, or no snapshot at all: nothing JSON could hold
  }
}
