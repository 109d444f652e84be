/** A walk along references that takes more visits than this is given up: nobody means that, and it must end. */
const MAX_VISITS = 1000;

/**
 * Counts the visits of a walk from a key along all references, theirs, and so on, each visited as often as it is named;
 * Infinity where it would run in a circle or take more than 1 000. Whatever has a finite count can be walked by plain
 * recursion. `counts`: those of earlier walks along the same references, to which this adds all that it came by, so that
 * all keys together take time linear in the references.
 */
export function countVisits(
  start: string,
  referencesOf: (key: string) => readonly string[],
  counts: Map<string, number>,
): number {
  const path = counts.has(start) ? [] : [start];
  for (let key = path.at(-1); key !== undefined; key = path.at(-1)) {
    const references = referencesOf(key);
    // Holds until its references are counted: what leads back here meanwhile runs in a circle with it.
    counts.set(key, Infinity);
    const uncounted = references.length < MAX_VISITS ? references.find((name) => !counts.has(name)) : undefined;
    if (uncounted !== undefined) {
      path.push(uncounted);
      continue;
    }
    const count = references.reduce((sum, name) => sum + (counts.get(name) ?? 1), 1);
    if (count <= MAX_VISITS) counts.set(key, count);
    path.pop();
  }
  return counts.get(start) ?? Infinity;
}
