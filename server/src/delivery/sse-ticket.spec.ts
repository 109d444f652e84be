import { describe, expect, it } from '@jest/globals';
import { formatTicket, parseTicket, signedPart, ticketEnd } from './sse-ticket.js';

const HOURS = 3_600_000;
const now = new Date('2026-11-21T10:15:00Z');
const ticket = {
  tokenId: '0193cf3c-1a2b-7000-8000-0123456789ab',
  expiresAt: ticketEnd(now),
  signature: 'A'.repeat(43),
};

describe('an event stream ticket', () => {
  it('is the same for half a day and outlives it by another', () => {
    expect(new Date(ticketEnd(now) * 1_000)).toEqual(new Date('2026-11-22T00:00:00Z'));
    expect(ticketEnd(new Date('2026-11-21T00:00:00Z'))).toBe(ticketEnd(new Date('2026-11-21T11:59:59Z')));
  });

  it('is read as it was written', () => expect(parseTicket(formatTicket(ticket), now)).toEqual(ticket));

  it('is refused when its time is over', () => {
    const end = new Date(ticket.expiresAt * 1_000);
    expect(parseTicket(formatTicket(ticket), new Date(end.getTime() - 1))).toBeDefined();
    expect(parseTicket(formatTicket(ticket), end)).toBeUndefined();
    expect(parseTicket(formatTicket(ticket), new Date(end.getTime() + HOURS))).toBeUndefined();
  });

  it.each([undefined, '', 'a.b.c', ['x'], formatTicket({ ...ticket, signature: 'short' }), `${formatTicket(ticket)}x`])(
    '%p has not its shape',
    (text) => expect(parseTicket(text, now)).toBeUndefined(),
  );

  it('signs token and end together', () => {
    expect(signedPart(ticket)).not.toBe(signedPart({ ...ticket, expiresAt: ticket.expiresAt + 1 }));
  });
});
