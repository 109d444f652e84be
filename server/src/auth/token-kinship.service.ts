import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { isOneHand } from './one-hand.js';
import { TokensRepository } from './tokens.repository.js';

/** Tells whether two actors may be one person, for rules that ask for two. */
@Injectable()
export class TokenKinship {
  constructor(private readonly tokens: TokensRepository) {}

  /** Whether an actor may be the same person as any of some others, by their ids; see isOneHand. */
  async isAnyOf(tx: Transaction, actorId: string, others: readonly string[]): Promise<boolean> {
    const known = await this.tokens.listKin(tx, [actorId, ...others]);
    return others.some((other) => isOneHand(actorId, other, known));
  }
}
