/**
 * A ticket opens one environment's OFREP event stream in a URL, because EventSource sends no headers. It names the
 * token it was made for and proves, without showing it, that its maker knew that token's stored hash: every replica
 * can check it, and it dies with the token. It opens change notices only, never values.
 */
export interface SseTicket {
  readonly tokenId: string;
  /** Unix seconds. */
  readonly expiresAt: number;
  readonly signature: string;
}

/**
 * Tickets made within the same 12 hours are the same and live until the end of the next 12: so bulk answers stay
 * cacheable, and a client that is told 304 holds a ticket that still works.
 */
const PERIOD_SECONDS = 12 * 3_600;

const TICKET = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(\d{1,12})\.([\w-]{43})$/u;

/** When a ticket made now ends, in Unix seconds. */
export function ticketEnd(now: Date): number {
  return (Math.floor(now.getTime() / 1_000 / PERIOD_SECONDS) + 2) * PERIOD_SECONDS;
}

/** What a ticket's signature covers. */
export function signedPart({ tokenId, expiresAt }: Pick<SseTicket, 'tokenId' | 'expiresAt'>): string {
  return `sluice.ofrep.sse.v1.${tokenId}.${expiresAt}`;
}

/** The ticket as it stands in a URL; `parseTicket` reads it. */
export function formatTicket({ tokenId, expiresAt, signature }: SseTicket): string {
  return `${tokenId}.${expiresAt}.${signature}`;
}

/** Reads a ticket out of a URL; undefined when it has not the shape of one or its time is over. */
export function parseTicket(text: unknown, now: Date): SseTicket | undefined {
  const match = typeof text === 'string' ? TICKET.exec(text) : null;
  if (match === null) return undefined;
  const [, tokenId = '', end = '', signature = ''] = match;
  const expiresAt = Number(end);
  return expiresAt * 1_000 > now.getTime() ? { tokenId, expiresAt, signature } : undefined;
}
