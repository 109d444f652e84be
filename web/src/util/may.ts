/** One thing that may or may not be done now, as the API tells it. */
export interface Ability {
  readonly action: string;
  readonly isAllowed: boolean;
  readonly reason: string | null;
}

/** Whether a control is for use, and if not, why: a sentence. */
export type May = { readonly isAllowed: true } | { readonly isAllowed: false; readonly reason: string };

const YES: May = { isAllowed: true };
const UNKNOWN = 'The server does not say that this may be done here.';

/**
 * Whether something may be done: all of the lists that know of it must allow it (what the viewer may, what the object's
 * state lets), and one of them must know of it. The first reason against it is told.
 */
export function may(action: string, ...lists: readonly (readonly Ability[])[]): May {
  const known = lists.flatMap((list) => list.filter((ability) => ability.action === action));
  if (known.length === 0) return { isAllowed: false, reason: UNKNOWN };
  const against = known.find(({ isAllowed }) => !isAllowed);
  return against === undefined ? YES : { isAllowed: false, reason: against.reason ?? UNKNOWN };
}

/** Both must hold; the first reason against it is told. */
export function both(...all: readonly May[]): May {
  return all.find(({ isAllowed }) => !isAllowed) ?? YES;
}
