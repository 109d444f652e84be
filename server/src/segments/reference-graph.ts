/** Which keys each key names, as often as it names them. */
export type ReferenceGraph = ReadonlyMap<string, readonly string[]>;

/** A key and all from which following references leads to it. */
export function leadingTo(key: string, graph: ReferenceGraph): ReadonlySet<string> {
  const referrers = new Map<string, string[]>();
  for (const [from, names] of graph) {
    for (const name of new Set(names)) {
      const known = referrers.get(name);
      if (known === undefined) referrers.set(name, [from]);
      else known.push(from);
    }
  }
  // Walking through a set also comes to what is added on the way.
  const leading = new Set([key]);
  for (const open of leading) for (const referrer of referrers.get(open) ?? []) leading.add(referrer);
  return leading;
}
