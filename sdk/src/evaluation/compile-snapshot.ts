import { compileFlag, type CompiledFlag } from './compile-flag.js';
import { compileSegment, linkSegments } from './compile-segment.js';
import { countVisits } from './count-visits.js';
import { type FlagSource, flagSourcesOf, FlagText, readFlag } from './flag-source.js';
import type { CompiledSegment, Segments } from './match-segment.js';
import { isAttributes, type Attributes } from './read-attribute.js';
import type { Snapshot } from './snapshot.js';

/** A snapshot ready for `evaluate`. Users read `snapshot` and `keys()`; the rest is the evaluator's. */
export interface CompiledSnapshot {
  readonly snapshot: Snapshot;
  /** The keys of all flags, also of malformed ones, in the snapshot's order. */
  keys(): IterableIterator<string>;
  /** All flags, as they came. */
  readonly sources: ReadonlyMap<string, FlagSource>;
  /** The flags that were asked for so far; `findFlag` adds the others. */
  readonly flags: Map<string, CompiledFlag>;
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
  const sources = byKey(() => flagSourcesOf(snapshot)) ?? new Map<string, FlagSource>();
  const flags = new Map<string, CompiledFlag>();
  for (const [key, flag] of previous?.flags ?? []) {
    if (isSame(sources.get(key), previous?.sources.get(key))) flags.set(key, flag);
  }
  const segmentSources = byKey(() => snapshot.segments);
  const segments = new Map<string, CompiledSegment>();
  for (const [key, source] of segmentSources ?? []) {
    const known = previous?.segments.byKey.get(key);
    segments.set(key, known?.source === source ? known : compileSegment(source as unknown as Attributes));
  }
  return {
    snapshot,
    keys: () => sources.keys(),
    sources,
    flags,
    segments: linkSegments(segments, segmentSources !== undefined),
    visits: new Map(),
  };
}

/** Answers a flag ready to be evaluated; undefined where the snapshot has none of this key. Never throws. */
export function findFlag(compiled: CompiledSnapshot, key: string): CompiledFlag | undefined {
  return compiled.flags.get(key) ?? compileFirst(compiled, key);
}

function compileFirst({ sources, flags }: CompiledSnapshot, key: string): CompiledFlag | undefined {
  const source = sources.get(key);
  if (source === undefined) return undefined;
  // An object has fields.
  const flag = compileFlag(readFlag(source) as unknown as Attributes, key);
  flags.set(key, flag);
  return flag;
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

function isSame(one: FlagSource | undefined, other: FlagSource | undefined): boolean {
  if (one instanceof FlagText && other instanceof FlagText) return one.text === other.text;
  return one !== undefined && one === other;
}

/** The entries of a list that have a key, by it; undefined where there is no list. */
function byKey<T extends { readonly key: string }>(read: () => readonly T[]): ReadonlyMap<string, T> | undefined {
  try {
    const list: unknown = read();
    if (!Array.isArray(list)) return undefined;
    const entries = new Map<string, T>();
    for (const entry of list as readonly unknown[]) {
      if (isAttributes(entry) && typeof entry['key'] === 'string') entries.set(entry['key'], entry as unknown as T);
    }
    return entries;
  } catch {
    return undefined; // a getter that throws, or no snapshot at all: nothing JSON could hold
  }
}
