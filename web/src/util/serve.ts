/** Names what a flag serves, as Serve of OpenAPI says it: a variation, a split, or the caller's default. */
export function describeServe(serve: unknown): string {
  if (typeof serve !== 'object' || serve === null) return 'the caller’s default';
  if ('variation' in serve && typeof serve.variation === 'string') return serve.variation;
  return 'a split';
}
