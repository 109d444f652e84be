/** Adds up what shares a key; sums come in the order in which their keys first occurred. */
export function foldBy<T>(
  items: Iterable<T>,
  keyOf: (item: T) => readonly unknown[],
  add: (sum: T, item: T) => T,
): readonly T[] {
  const sums = new Map<string, T>();
  for (const item of items) {
    const key = JSON.stringify(keyOf(item));
    const sum = sums.get(key);
    sums.set(key, sum === undefined ? item : add(sum, item));
  }
  return [...sums.values()];
}
