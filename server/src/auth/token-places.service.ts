import { Injectable } from '@nestjs/common';
import { Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import type { AccessToken } from './access-token.js';

/** A token with the keys of where it is bound to. */
export type PlacedToken = AccessToken & {
  /** Null: the whole instance. */
  readonly project: string | null;
  /** Null: every environment of its project. */
  readonly environment: string | null;
};

/** Names the places of tokens. */
@Injectable()
export class TokenPlaces {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
  ) {}

  /** Tokens in the order given, in as many questions as for one. */
  async of(tokens: readonly AccessToken[]): Promise<readonly PlacedToken[]> {
    const projectIds = new Set(tokens.flatMap(({ projectId }) => (projectId === null ? [] : [projectId])));
    const keys = await this.transactions.read((tx) => this.projects.keysOf(tx, [...projectIds]));
    const keyOf = (id: string | null): string | null => (id === null ? null : (keys.get(id) ?? id));
    return tokens.map((token) => ({
      ...token,
      project: keyOf(token.projectId),
      environment: keyOf(token.environmentId),
    }));
  }

  async ofOne(token: AccessToken): Promise<PlacedToken> {
    const [placed] = await this.of([token]);
    if (placed === undefined) throw new Error('One token has one place.');
    return placed;
  }
}
