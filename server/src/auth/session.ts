/** Where somebody is signed in; one that was ended is gone. */
export interface Session {
  readonly id: string;
  /** SHA-256 of the cookie's secret, base64url. */
  readonly hash: string;
  readonly personId: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  /** The latest end, however busy it is. */
  readonly endsAt: Date;
}

/** How often being seen is written down. */
const SEEN_EVERY_MS = 5 * 60_000;

/** Whether a session stands at a moment: it ends at its time, or after nobody used it for so long. */
export function isStanding(
  { lastSeenAt, endsAt }: Pick<Session, 'lastSeenAt' | 'endsAt'>,
  now: Date,
  idleMs: number,
): boolean {
  return now < endsAt && now.getTime() < lastSeenAt.getTime() + idleMs;
}

/** For how long a session stands at most. */
export function lifeSecondsOf({ createdAt, endsAt }: Session): number {
  return Math.floor((endsAt.getTime() - createdAt.getTime()) / 1_000);
}

/** Whether it is time to write down that a session is in use. */
export function isSeenAnew({ lastSeenAt }: Session, now: Date): boolean {
  return now.getTime() >= lastSeenAt.getTime() + SEEN_EVERY_MS;
}
