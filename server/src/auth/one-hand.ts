import type { AccessToken } from './access-token.js';
import { normalizeEmail, type Person } from './person.js';

/** What a token tells of whose it is. */
export type TokenKin = Pick<AccessToken, 'id' | 'owner' | 'createdBy' | 'replacesId'>;
/** What a person is known by in tokens, who made them by id, whose they are by address; and who invited the person. */
export type PersonKin = Pick<Person, 'id' | 'email' | 'invitedBy'>;

/**
 * Whether one person can act as both of two actors, tokens or people, as far as these tell: they are one, or a token and
 * its replacement; they are said to have one owner, or were made by one person for nobody else; or one made the other,
 * or invited them, at whatever remove, and so has seen the other's secret, as has whoever owns the maker. Two tokens that
 * a third token made, and that name no owner, are not told from those of two people. `tokens` holds the two with all that
 * they replace and all that made them, `people` who is named in these, with all that invited them; of what they do not
 * hold nothing is known.
 */
export function isOneHand(
  a: string,
  b: string,
  tokens: readonly TokenKin[],
  people: readonly PersonKin[] = [],
): boolean {
  const known: Known = {
    tokens: new Map(tokens.map((token) => [token.id, token])),
    people: new Map(people.map((person) => [person.id, person])),
    ids: new Map(people.map(({ id, email }) => [email, id])),
  };
  const owners = ownersOf(b, known);
  if ([...ownersOf(a, known)].some((owner) => owners.has(owner))) return true;
  return isHeldBy(a, b, known) || isHeldBy(b, a, known);
}

/** Whether who acts by `b`, as itself or as its owner, has had the secret of `a`. */
function isHeldBy(a: string, b: string, known: Known): boolean {
  const holders = holdersOf(a, known);
  if (holders.has(firstOf(b, known))) return true;
  return [...ownersOf(b, known)].some((email) => holders.has(known.ids.get(email) ?? email));
}

interface Known {
  readonly tokens: ReadonlyMap<string, TokenKin>;
  readonly people: ReadonlyMap<string, PersonKin>;
  /** Of people, by their addresses. */
  readonly ids: ReadonlyMap<string, string>;
}

/** Whose an actor is and was: a person their own, a token its owner's or, where none is named, its maker's. */
function ownersOf(id: string, known: Known): ReadonlySet<string> {
  const owners = new Set<string>();
  for (let at: string | null = id; at !== null; at = known.tokens.get(at)?.replacesId ?? null) {
    const { owner = null, createdBy = null } = known.tokens.get(at) ?? {};
    const named = owner === null ? known.people.get(createdBy ?? at)?.email : normalizeEmail(owner);
    if (named !== undefined) owners.add(named);
  }
  return owners;
}

/** A token that was rotated is the one it began as. */
function firstOf(id: string, known: Known): string {
  const replaced = known.tokens.get(id)?.replacesId ?? null;
  return replaced === null ? id : firstOf(replaced, known);
}

/**
 * All who have had an actor's secret, or could have taken it: itself, what it replaces, who made them, and owners; and
 * who saw the secret by which a person among these chose a password.
 */
function holdersOf(id: string, known: Known): ReadonlySet<string> {
  const seen = new Set([id]);
  for (const each of seen) {
    const { createdBy = null, replacesId = null, owner = null } = known.tokens.get(each) ?? {};
    const holder = owner === null ? null : (known.ids.get(normalizeEmail(owner)) ?? null);
    const { invitedBy = null } = known.people.get(each) ?? {};
    for (const next of [createdBy, replacesId, holder, invitedBy]) if (next !== null) seen.add(next);
  }
  return new Set([...seen].map((each) => firstOf(each, known)));
}
