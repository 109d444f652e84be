import { partsOf, snapshotOf } from './flag-source.js';
import { isAttributes } from './read-attribute.js';
import type { Snapshot, SnapshotPatch } from './snapshot.js';

/**
 * Answers the snapshot at the patch's revision, or undefined when the patch does not apply: it starts from another
 * revision, does not lead to a later one, or cannot be read; then a whole snapshot must be fetched. Flags and segments
 * that did not change stay the same objects, flags that nobody has read stay text; both lists come in ascending order of
 * keys (by UTF-16 code units). Services, ramps and parallel runs are replaced whole when the patch has them.
 */
export function applyPatch(snapshot: Snapshot, patch: SnapshotPatch): Snapshot | undefined {
  try {
    if (patch.from !== snapshot.revision || !Number.isSafeInteger(patch.revision) || patch.revision <= patch.from) {
      return undefined;
    }
    const { rest, flags } = partsOf(snapshot);
    return snapshotOf({
      rest: {
        ...rest,
        revision: patch.revision,
        segments: replaceByKey(rest.segments, patch.removedSegments, patch.segments),
        // These come whole; what is no list is left to those who read it.
        ...(patch.services !== undefined && { services: patch.services }),
        ...(patch.ramps !== undefined && { ramps: patch.ramps }),
        ...(patch.parallelRuns !== undefined && { parallelRuns: patch.parallelRuns }),
      },
      flags: replaceByKey(flags, patch.removedFlags, patch.flags),
    });
  } catch {
    return undefined;
  }
}

function replaceByKey<T extends { readonly key: string }>(
  before: readonly T[],
  removed: readonly string[],
  changed: readonly T[],
): readonly T[] {
  if (!Array.isArray(removed)) throw new TypeError('a patch without a list of removed keys');
  const byKey = new Map(before.filter(isAttributes).map((entry) => [entry.key, entry]));
  // The check above told the compiler less than the type does.
  for (const key of removed as readonly string[]) byKey.delete(key);
  for (const entry of changed) byKey.set(entry.key, entry);
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}
