/** A duration in the unit that suits it, of nanoseconds. */
export function duration(ns: number): string {
  if (ns < 1_000) return `${ns.toFixed(ns < 100 ? 1 : 0)} ns`;
  if (ns < 1_000_000) return `${(ns / 1e3).toFixed(ns < 10_000 ? 2 : 1)} µs`;
  return `${(ns / 1e6).toFixed(ns < 10_000_000 ? 2 : 0)} ms`;
}

/** A number of bytes in the unit that suits it. */
export function size(bytes: number): string {
  if (bytes < 10_000) return `${bytes.toFixed(0)} B`;
  return bytes < 10_000_000 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** How many times another. */
export function times(ratio: number): string {
  if (ratio < 10) return `${ratio.toFixed(2)}×`;
  return `${ratio < 100 ? ratio.toFixed(1) : ratio.toFixed(0)}×`;
}
