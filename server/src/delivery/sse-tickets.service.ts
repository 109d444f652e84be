import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type AccessToken, Authenticator } from '../auth/index.js';
import { Clock } from '../kernel/clock.js';
import { unauthenticated } from '../kernel/errors.js';
import { formatTicket, parseTicket, signedPart, type SseTicket, ticketEnd } from './sse-ticket.js';

/** Makes and checks the tickets that stand in event stream URLs. Any replica can check any other's. */
@Injectable()
export class SseTickets {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly clock: Clock,
  ) {}

  /** A ticket for who holds this token; the same one for hours. */
  issue(token: AccessToken): string {
    const claims = { tokenId: token.id, expiresAt: ticketEnd(this.clock.now()) };
    return formatTicket({ ...claims, signature: sign(token, claims) });
  }

  /** The token that a ticket was made for; throws as Authenticator does. */
  async redeem(text: unknown, address: string): Promise<AccessToken> {
    const ticket = parseTicket(text, this.clock.now());
    if (ticket === undefined) {
      throw unauthenticated(
        'TICKET_REFUSED',
        'This stream URL is malformed or over; evaluate all flags for a new one.',
      );
    }
    const { tokenId } = ticket;
    const isGenuine = (token: AccessToken): boolean => isSignature(ticket, sign(token, ticket));
    return this.authenticator.authorizeProof({ tokenId, address, isGenuine }, 'evaluation.read');
  }
}

function sign(token: AccessToken, claims: Pick<SseTicket, 'tokenId' | 'expiresAt'>): string {
  return createHmac('sha256', token.hash).update(signedPart(claims)).digest('base64url');
}

function isSignature({ signature }: SseTicket, expected: string): boolean {
  // Both are 43 characters long: parseTicket takes nothing else.
  return timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
}
