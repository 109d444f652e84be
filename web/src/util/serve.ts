/** Names what a flag serves, as Serve of OpenAPI says it: a variation, a split, or the caller's default. */
export function describeServe(serve: unknown): string {
  if (typeof serve !== 'object' || serve === null) return 'the caller’s default';
  if ('variation' in serve && typeof serve.variation === 'string') return serve.variation;
  return 'a split';
}

/** How a flag decides in an environment, as far as a line can tell it. */
export interface ServingState {
  readonly on: boolean;
  readonly defaultServe: unknown;
  readonly offVariation: string | null;
  readonly ruleCount: number;
  readonly targetCount: number;
}

/** What an environment serves, in a line: `on · 2 rules · 1 target`; while off, the off variation alone. */
export function describeState(state: ServingState): string {
  const { on, defaultServe, ruleCount, targetCount } = state;
  if (!on) return describeOff(state);
  return [describeServe(defaultServe), ...counted(ruleCount, 'rule'), ...counted(targetCount, 'target')].join(' · ');
}

/** What all are served while the flag is off. */
export function describeOff({ offVariation }: Pick<ServingState, 'offVariation'>): string {
  return describeServe(offVariation === null ? null : { variation: offVariation });
}

function counted(count: number, noun: string): readonly string[] {
  if (count === 0) return [];
  return [count === 1 ? `1 ${noun}` : `${count} ${noun}s`];
}
