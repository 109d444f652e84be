import type { AccessToken } from './access-token.js';

/** What a token tells of whose it is. */
export type TokenKin = Pick<AccessToken, 'id' | 'owner' | 'createdBy' | 'replacesId'>;

/**
 * Whether one person can act with both of two tokens, as far as tokens tell: they are one token or its replacement, are
 * said to have one owner, or one made the other, at whatever remove, and so its maker has seen the other's secret. Two
 * tokens of one person that a third made, and that name no owner, are not told from those of two people. `known` holds
 * both with all that they replace and all that made them; of what it does not hold nothing is known.
 */
export function isOneHand(a: string, b: string, known: readonly TokenKin[]): boolean {
  const byId = new Map(known.map((token) => [token.id, token]));
  const [ownerA, ownerB] = [ownerOf(byId.get(a)), ownerOf(byId.get(b))];
  if (ownerA !== undefined && ownerA === ownerB) return true;
  return holdersOf(a, byId).has(firstOf(b, byId)) || holdersOf(b, byId).has(firstOf(a, byId));
}

type Known = ReadonlyMap<string, TokenKin>;

function ownerOf(token: TokenKin | undefined): string | undefined {
  return token?.owner?.trim().toLowerCase();
}

/** A token that was rotated is the one it began as. */
function firstOf(id: string, known: Known): string {
  const replaced = known.get(id)?.replacesId ?? null;
  return replaced === null ? id : firstOf(replaced, known);
}

/** All who have had the token's secret, or could have taken it: itself, what it replaces, and whoever made them. */
function holdersOf(id: string, known: Known): ReadonlySet<string> {
  const seen = new Set([id]);
  for (const each of seen) {
    const { createdBy = null, replacesId = null } = known.get(each) ?? {};
    for (const next of [createdBy, replacesId]) if (next !== null) seen.add(next);
  }
  return new Set([...seen].map((each) => firstOf(each, known)));
}
