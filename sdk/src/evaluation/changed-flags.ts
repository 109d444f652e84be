import type { Clause, Snapshot, SnapshotFlag } from './snapshot.js';

/**
 * Keys of the flags whose answers may differ between two snapshots, sorted: those added, removed or edited, those
 * that refer to a changed segment, directly or through segments, and those that have a changed flag as prerequisite.
 */
export function changedFlags(before: Snapshot | undefined, after: Snapshot): readonly string[] {
  const segments = withDependants(
    changedKeys(before?.segments ?? [], after.segments),
    after.segments.map((segment) => [segment.key, segmentsNamedBy(segment.rules)]),
  );
  const flags = changedKeys(before?.flags ?? [], after.flags);
  if (segments.size > 0) {
    for (const flag of after.flags) {
      if (segmentsNamedBy(flag.rules).some((key) => segments.has(key))) flags.add(flag.key);
    }
  }
  return [
    ...withDependants(
      flags,
      after.flags.map((flag) => [flag.key, prerequisitesOf(flag)]),
    ),
  ].sort();
}

interface Keyed {
  readonly key: string;
}

function changedKeys(before: readonly Keyed[], after: readonly Keyed[]): Set<string> {
  const earlier = new Map(before.map((item) => [item.key, item]));
  const changed = new Set<string>();
  for (const item of after) {
    const old = earlier.get(item.key);
    earlier.delete(item.key);
    if (old !== item && JSON.stringify(old) !== JSON.stringify(item)) changed.add(item.key);
  }
  for (const removed of earlier.keys()) changed.add(removed);
  return changed;
}

/** The keys and all that depend on any of them, however indirectly. */
function withDependants(
  keys: Set<string>,
  dependencies: readonly (readonly [string, readonly string[]])[],
): Set<string> {
  let size = 0;
  while (keys.size > size) {
    size = keys.size;
    for (const [key, needs] of dependencies) {
      if (!keys.has(key) && needs.some((need) => keys.has(need))) keys.add(key);
    }
  }
  return keys;
}

function segmentsNamedBy(rules: readonly { readonly clauses: readonly Clause[] }[]): readonly string[] {
  return unlessMalformed(() =>
    rules.flatMap((rule) =>
      rule.clauses
        .filter((clause) => clause.operator === 'inSegment')
        .flatMap((clause) => clause.values.filter((value) => typeof value === 'string')),
    ),
  );
}

function prerequisitesOf(flag: SnapshotFlag): readonly string[] {
  return unlessMalformed(() => flag.prerequisites.map((prerequisite) => prerequisite.flag));
}

/** What the evaluator cannot read answers an error whatever it refers to. */
function unlessMalformed(read: () => readonly string[]): readonly string[] {
  try {
    return read();
  } catch {
    return [];
  }
}
