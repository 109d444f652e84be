import type { AccessToken } from './access-token.js';
import { normalizeEmail, type Person } from './person.js';

/** What a token tells of whose it is. */
export type TokenKin = Pick<AccessToken, 'id' | 'owner' | 'createdBy' | 'replacesId'>;
/** What a person is known by in tokens: who made them by id, whose they are by address. */
export type PersonKin = Pick<Person, 'id' | 'email'>;

/**
 * Whether one person can act as both of two actors, tokens or people, as far as these tell: they are one, or a token and
 * its replacement; they are said to have one owner, or were made by one person for nobody else; or one made the other,
 * at whatever remove, and so its maker has seen the other's secret, as has whoever owns the maker. Two tokens that a
 * third token made, and that name no owner, are not told from those of two people. `tokens` holds the two with all that
 * they replace and all that made them, `people` who is named in these; of what they do not hold nothing is known.
 */
export function isOneHand(
  a: string,
  b: string,
  tokens: readonly TokenKin[],
  people: readonly PersonKin[] = [],
): boolean {
  const known: Known = {
    tokens: new Map(tokens.map((token) => [token.id, token])),
    emails: new Map(people.map(({ id, email }) => [id, email])),
    people: new Map(people.map(({ id, email }) => [email, id])),
  };
  const owners = ownersOf(b, known);
  if ([...ownersOf(a, known)].some((owner) => owners.has(owner))) return true;
  return holdersOf(a, known).has(firstOf(b, known)) || holdersOf(b, known).has(firstOf(a, known));
}

interface Known {
  readonly tokens: ReadonlyMap<string, TokenKin>;
  readonly emails: ReadonlyMap<string, string>;
  readonly people: ReadonlyMap<string, string>;
}

/** Whose an actor is and was: a person their own, a token its owner's or, where none is named, its maker's. */
function ownersOf(id: string, known: Known): ReadonlySet<string> {
  const owners = new Set<string>();
  for (let at: string | null = id; at !== null; at = known.tokens.get(at)?.replacesId ?? null) {
    const { owner = null, createdBy = null } = known.tokens.get(at) ?? {};
    const named = owner === null ? known.emails.get(createdBy ?? at) : normalizeEmail(owner);
    if (named !== undefined) owners.add(named);
  }
  return owners;
}

/** A token that was rotated is the one it began as. */
function firstOf(id: string, known: Known): string {
  const replaced = known.tokens.get(id)?.replacesId ?? null;
  return replaced === null ? id : firstOf(replaced, known);
}

/** All who have had the token's secret, or could have taken it: itself, what it replaces, who made them, and owners. */
function holdersOf(id: string, known: Known): ReadonlySet<string> {
  const seen = new Set([id]);
  for (const each of seen) {
    const { createdBy = null, replacesId = null, owner = null } = known.tokens.get(each) ?? {};
    const holder = owner === null ? null : (known.people.get(normalizeEmail(owner)) ?? null);
    for (const next of [createdBy, replacesId, holder]) if (next !== null) seen.add(next);
  }
  return new Set([...seen].map((each) => firstOf(each, known)));
}
