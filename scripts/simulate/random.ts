/** Numbers in [0, 1), the same for the same seed: mulberry32 (Ettinger, public domain). */
export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** How many of `n` units go bad, each with chance `p`: by the waiting times between them, so that rare ones are quick. */
export function binomial(random: Random, n: number, p: number): number {
  if (p <= 0) return 0;
  if (p > 0.5) return n - binomial(random, n, 1 - p);
  const logStays = Math.log1p(-p);
  let position = 0;
  for (let count = 0; ; count += 1) {
    position += Math.floor(Math.log1p(-random()) / logStays) + 1;
    if (position > n) return count;
  }
}

/** A Poisson number, by the waiting times between events. */
export function poisson(random: Random, mean: number): number {
  let time = 0;
  for (let count = 0; ; count += 1) {
    time -= Math.log1p(-random());
    if (time > mean) return count;
  }
}

/** The size of a burst with the given mean: geometric, at least 1. */
export function burstSize(random: Random, mean: number): number {
  if (mean <= 1) return 1;
  return 1 + Math.floor(Math.log1p(-random()) / Math.log1p(-1 / mean));
}
