import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { isOneHand } from './one-hand.js';
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
    const ids = [actorId, ...others];
    const tokens = await this.tokens.listKin(tx, ids);
    const people = await this.people.listAmong(tx, {
      ids: [...ids, ...tokens.flatMap(({ createdBy }) => createdBy ?? [])],
      emails: tokens.flatMap(({ owner }) => (owner === null ? [] : normalizeEmail(owner))),
    });
    return others.some((other) => isOneHand(actorId, other, tokens, people));
  }
}
