import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { isOneHand, type PersonKin, type TokenKin } from './one-hand.js';
import { PeopleRepository } from './people.repository.js';
import { normalizeEmail } from './person.js';
import { TokensRepository } from './tokens.repository.js';

/** Tells whether two actors may be one person, for rules that ask for two. */
@Injectable()
export class TokenKinship {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly people: PeopleRepository,
  ) {}

  /** Whether an actor may be the same person as any of some others, by their ids; see isOneHand. */
  async isAnyOf(tx: Transaction, actorId: string, others: readonly string[]): Promise<boolean> {
    const { tokens, people } = await this.kinOf(tx, [actorId, ...others]);
    return others.some((other) => isOneHand(actorId, other, tokens, people));
  }

  /** The tokens and people among some actors with all who made or invited them: a token may have invited a person. */
  private async kinOf(tx: Transaction, ids: readonly string[]): Promise<Kin> {
    const tokens = await this.tokens.listKin(tx, ids);
    const people = await this.people.listKin(tx, {
      ids: [...ids, ...tokens.flatMap(({ createdBy }) => createdBy ?? [])],
      emails: tokens.flatMap(({ owner }) => (owner === null ? [] : normalizeEmail(owner))),
    });
    const known = new Set([...ids, ...[...tokens, ...people].map(({ id }) => id)]);
    const inviters = people.flatMap(({ invitedBy }) => (invitedBy === null || known.has(invitedBy) ? [] : invitedBy));
    return inviters.length === 0 ? { tokens, people } : this.kinOf(tx, [...known, ...inviters]);
  }
}

interface Kin {
  readonly tokens: readonly TokenKin[];
  readonly people: readonly PersonKin[];
}
