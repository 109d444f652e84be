import { compileFlag, type CompiledFlag } from './compile-flag.js';
import { compileSegment, linkSegments } from './compile-segment.js';
import { findTangles } from './find-tangles.js';
import type { CompiledSegment, Segments } from './match-segment.js';
import { isAttributes, type Attributes } from './read-attribute.js';
import type { Snapshot } from './snapshot.js';

/** A snapshot ready for `evaluate`. Users read `snapshot` and `keys()`; the rest is the evaluator's. */
export interface CompiledSnapshot {
  readonly snapshot: Snapshot;
  /** The keys of all flags, also of malformed ones, in the snapshot's order. */
  keys(): IterableIterator<string>;
  readonly flags: ReadonlyMap<string, CompiledFlag>;
  readonly segments: Segments;
  /** Flags whose prerequisites run in a circle. */
  readonly tangledFlags: ReadonlySet<string>;
}

/**
 * Makes a snapshot ready for `evaluate`; never throws. What cannot be read of it disables only itself and what depends
 * on it. Flags and segments that are the same objects as in `previous` are taken over, so that after a small patch
 * little is compiled. Values and metadata are frozen in place. Of two entries of one key the last counts.
 */
export function compileSnapshot(snapshot: Snapshot, previous?: CompiledSnapshot): CompiledSnapshot {
  const flags = new Map<string, CompiledFlag>();
  for (const [key, source] of entriesOf(snapshot, 'flags') ?? []) {
    const known = previous?.flags.get(key);
    flags.set(key, known?.source === source ? known : compileFlag(source, key));
  }

  const byKey = new Map<string, CompiledSegment>();
  const segmentEntries = entriesOf(snapshot, 'segments');
  for (const [key, source] of segmentEntries ?? []) {
    const known = previous?.segments.byKey.get(key);
    byKey.set(key, known?.source === source ? known : compileSegment(source));
  }

  return {
    snapshot,
    keys: () => flags.keys(),
    flags,
    segments: linkSegments(byKey, segmentEntries !== undefined),
    tangledFlags: findTangles(prerequisitesOf(flags)),
  };
}

/** What is off asks for no prerequisites, and so ends a walk. */
function prerequisitesOf(flags: ReadonlyMap<string, CompiledFlag>): ReadonlyMap<string, readonly string[]> {
  const references = new Map<string, readonly string[]>();
  for (const [key, { prerequisites }] of flags) {
    if (prerequisites.length > 0)
      references.set(
        key,
        prerequisites.map(({ flag }) => flag),
      );
  }
  return references;
}

/** The readable entries of one of the snapshot's lists with their keys; undefined when there is no list. */
function entriesOf(
  snapshot: unknown,
  list: 'flags' | 'segments',
): readonly (readonly [string, Attributes])[] | undefined {
  try {
    const entries: unknown = isAttributes(snapshot) ? snapshot[list] : undefined;
    if (!Array.isArray(entries)) return undefined;
    return entries.flatMap((entry: unknown) => {
      const key = isAttributes(entry) ? entry['key'] : undefined;
      return isAttributes(entry) && typeof key === 'string' ? [[key, entry] as const] : [];
    });
  } catch {
    return undefined; // a getter that throws: nothing JSON could hold
  }
}
