/** How a token stands: `ending` works on until a moment that is set. */
export type TokenStanding = 'works' | 'ending' | 'expired' | 'revoked';

interface Ends {
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

export function tokenStanding({ expiresAt, revokedAt }: Ends, now: Date): TokenStanding {
  if (revokedAt !== null) return 'revoked';
  if (expiresAt === null) return 'works';
  return new Date(expiresAt) <= now ? 'expired' : 'ending';
}

/** Whether anybody can still use it. */
export function isUsable(token: Ends, now: Date): boolean {
  const standing = tokenStanding(token, now);
  return standing === 'works' || standing === 'ending';
}
