/** Two environments: settings go from one to the other. */
export interface Sides {
  readonly from: string;
  readonly to: string;
}

interface Place {
  readonly key: string;
  readonly production: boolean;
}

/**
 * Which two environments are compared: those asked for where they exist and differ, else from the first that is not of
 * production to the first that is. Undefined where there are not two.
 */
export function sidesOf(environments: readonly Place[], asked: Partial<Sides>): Sides | undefined {
  const exists = (key: string | undefined): boolean => environments.some((each) => each.key === key);
  const to = exists(asked.to) ? asked.to : firstOf(environments, asked.from, true);
  const from = exists(asked.from) && asked.from !== to ? asked.from : firstOf(environments, to, false);
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** The first that is of production, or is not; any other than `but` where there is none. */
function firstOf(environments: readonly Place[], but: string | undefined, production: boolean): string | undefined {
  const others = environments.filter(({ key }) => key !== but);
  return (others.find((each) => each.production === production) ?? others[0])?.key;
}
