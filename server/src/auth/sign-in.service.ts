import { Injectable } from '@nestjs/common';
import { SluiceError, unauthenticated } from '../kernel/errors.js';
import { parseInput } from '../kernel/parse.js';
import { Transactions } from '../kernel/transactions.js';
import { PasswordHasher } from './password-hasher.service.js';
import { PeopleRepository } from './people.repository.js';
import { normalizeEmail, type Person, signInSchema } from './person.js';
import { type NewSession, type RequestOrigin, Sessions } from './sessions.service.js';
import { SignInLimits } from './sign-in-limits.service.js';

/** Signs people in by their passwords, and out. */
@Injectable()
export class SignIn {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleRepository,
    private readonly passwords: PasswordHasher,
    private readonly limits: SignInLimits,
    private readonly sessions: Sessions,
  ) {}

  /**
   * Throws `unauthenticated` for whatever does not fit together, in the same words and after the same time whether or
   * not there is such an account, and `limited` after too many of these.
   */
  async signIn(origin: RequestOrigin, address: string, body: unknown): Promise<NewSession> {
    const { email, password } = parseInput(signInSchema, body, 'sign-in');
    const account = normalizeEmail(email);
    const person = await this.limits.attempt({ address, account }, () => this.recognize(account, password));
    if (person === undefined) throw refused();
    return this.transactions.run(async (tx) => {
      // What was verified may have been changed or forbidden meanwhile.
      const now = await this.people.lock(tx, person.id);
      if (now === null || now.disabledAt !== null || now.passwordHash !== person.passwordHash) throw refused();
      return this.sessions.begin(tx, origin, now);
    });
  }

  /** Signs out where a secret is used. */
  signOut(origin: RequestOrigin, secret: string): Promise<void> {
    return this.sessions.end(origin, secret);
  }

  private async recognize(email: string, password: string): Promise<Person | undefined> {
    const person = await this.transactions.read((tx) => this.people.findByEmail(tx, email));
    const isRight = await this.passwords.verify(password, person?.passwordHash ?? null);
    return isRight && person !== null && person.disabledAt === null ? person : undefined;
  }
}

function refused(): SluiceError {
  return unauthenticated(
    'SIGN_IN_REFUSED',
    'This e-mail address and this password do not go together; try again, or ask an admin to let you choose a new password.',
  );
}
