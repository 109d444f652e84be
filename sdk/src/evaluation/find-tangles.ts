/** A walk along references that takes more visits than this is given up: nobody means that, and it must end. */
const MAX_VISITS = 1000;

/**
 * Answers the keys from which a walk along all references (and theirs, and so on, each visited as often as it is
 * named) would run in a circle or take more than 1 000 visits. Whatever is not in the answer can be walked by plain
 * recursion. References to keys without an entry lead nowhere. Takes time linear in the references.
 */
export function findTangles(references: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const waitingFor = new Map<string, number>();
  const referrers = new Map<string, string[]>();
  const ready: string[] = [];
  for (const [key, named] of references) {
    const entries = named.filter((name) => references.has(name));
    waitingFor.set(key, entries.length);
    if (entries.length === 0) ready.push(key);
    for (const name of entries) listOf(referrers, name).push(key);
  }

  const visits = new Map<string, number>();
  const tangled = new Set(references.keys());
  for (let key = ready.pop(); key !== undefined; key = ready.pop()) {
    const count = (references.get(key) ?? []).reduce((sum, name) => sum + (visits.get(name) ?? 1), 1);
    if (count > MAX_VISITS) continue; // stays tangled, and so does all that refers to it
    visits.set(key, count);
    tangled.delete(key);
    for (const referrer of referrers.get(key) ?? []) {
      const left = (waitingFor.get(referrer) ?? 0) - 1;
      waitingFor.set(referrer, left);
      if (left === 0) ready.push(referrer);
    }
  }
  return tangled;
}

function listOf(lists: Map<string, string[]>, key: string): string[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
