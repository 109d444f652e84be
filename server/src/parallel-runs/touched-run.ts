/** A run that was added to, and a hash of all that a review of it depends on: its epoch, versions and sums. */
// A type alias, because an interface has no index signature and would not be Json.
export type TouchedRun = { readonly runId: string; readonly environmentId: string; readonly state: string };
