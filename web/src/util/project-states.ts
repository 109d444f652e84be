/** A project at a glance. */
export interface ProjectState<Item> {
  readonly key: string;
  readonly name: string;
  /** What asks for somebody, the most pressing first. */
  readonly attention: readonly Item[];
  /** How many releases are under way. */
  readonly inFlight: number;
}

/** Projects, first those in which something asks for somebody: in the order of what presses most there. */
export function projectStates<Item extends { readonly project: string }>(
  projects: readonly { readonly key: string; readonly name: string }[],
  attention: readonly Item[],
  inFlight: readonly { readonly project: string }[],
): readonly ProjectState<Item>[] {
  const states = projects.map(({ key, name }) => ({
    ...{ key, name },
    attention: attention.filter(({ project }) => project === key),
    inFlight: inFlight.filter(({ project }) => project === key).length,
  }));
  const pressing = [...new Set(attention.map(({ project }) => project))];
  const placeOf = (key: string): number => {
    const place = pressing.indexOf(key);
    return place === -1 ? pressing.length : place;
  };
  return states.sort((one, other) => placeOf(one.key) - placeOf(other.key));
}
