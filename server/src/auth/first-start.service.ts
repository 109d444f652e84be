import { Injectable } from '@nestjs/common';
import { conflict } from '../kernel/errors.js';
import { parseInput } from '../kernel/parse.js';
import { requireInstanceScope } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { Authenticator } from './authenticator.service.js';
import { standingOf } from './caller.js';
import { PasswordHasher } from './password-hasher.service.js';
import { PeopleRepository } from './people.repository.js';
import { firstPersonSchema } from './person.js';
import { PersonRecords } from './person-records.service.js';
import { type NewSession, type RequestOrigin, Sessions } from './sessions.service.js';
import { TokensRepository } from './tokens.repository.js';

/** How the first person comes in: with an admin token, and only while nobody can sign in. */
@Injectable()
export class FirstStart {
  // Seven: it is where tokens end and people begin.
  constructor(
    private readonly transactions: Transactions,
    private readonly authenticator: Authenticator,
    private readonly tokens: TokensRepository,
    private readonly people: PeopleRepository,
    private readonly hasher: PasswordHasher,
    private readonly records: PersonRecords,
    private readonly sessions: Sessions,
  ) {}

  /** Whether nobody can sign in yet; who was invited and has not come is nobody. */
  async isPending(): Promise<boolean> {
    return !(await this.transactions.read((tx) => this.people.hasActive(tx)));
  }

  /**
   * Makes the first person, admin of the instance, and signs them in. The token is theirs from now on: it and they are
   * one in approvals.
   */
  async begin(origin: RequestOrigin, address: string, body: unknown): Promise<NewSession> {
    const { token: shown, email, name, password } = parseInput(firstPersonSchema, body, 'first person');
    const token = await this.authenticator.authorize({ authorization: `Bearer ${shown}`, address }, 'person.write');
    const ctx = { ...standingOf({ kind: 'token', token }, 'person.write'), ...origin };
    requireInstanceScope(ctx);
    const passwordHash = await this.hasher.hash(password);
    return this.transactions.run(async (tx) => {
      if (await this.people.lockAndLookForActive(tx)) {
        throw conflict(
          'FIRST_START_OVER',
          'Somebody can sign in already: sign in, ask an admin for an invitation, or, where nobody is one, let `sluice person ' +
            'invite <email> --name <name> --role admin --everywhere` make you one by the token.',
        );
      }
      const grant = { role: 'admin', projectId: null, environmentId: null } as const;
      const draft = { email, name, passwordHash, invitation: null, invitedBy: null };
      const person = await this.records.create(tx, ctx, draft, grant);
      if (token.owner === null) await this.tokens.saveOwner(tx, token.id, email);
      return this.sessions.begin(tx, origin, person);
    });
  }
}
