/**
 * The probability that the next one is of a kind nobody has seen yet: kinds seen once, of all that were seen; null
 * without any. Source: Good, "The population frequencies of species", Biometrika 1953.
 */
export function unseenMass({ singletons, n }: { readonly singletons: number; readonly n: number }): number | null {
  return n === 0 ? null : singletons / n;
}
