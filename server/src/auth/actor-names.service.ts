import { Injectable } from '@nestjs/common';
import { Transactions } from '../kernel/transactions.js';
import { PeopleRepository } from './people.repository.js';
import { TokensRepository } from './tokens.repository.js';

/** Tells what actors are called now, for what is stored of them by id alone. */
@Injectable()
export class ActorNames {
  constructor(
    private readonly transactions: Transactions,
    private readonly tokens: TokensRepository,
    private readonly people: PeopleRepository,
  ) {}

  /** In the order of the ids; null of those that are neither a token's nor a person's. */
  ofEach(ids: readonly string[]): Promise<(string | null)[]> {
    return this.transactions.read(async (tx) => {
      const named = [...(await this.tokens.listNames(tx, ids)), ...(await this.people.listNames(tx, ids))];
      const names = new Map(named.map(({ id, name }) => [id, name]));
      return ids.map((id) => names.get(id) ?? null);
    });
  }
}
