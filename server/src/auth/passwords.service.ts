import { Injectable } from '@nestjs/common';
import { forbidden, unauthenticated } from '../kernel/errors.js';
import { parseInput } from '../kernel/parse.js';
import type { RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { PasswordHasher } from './password-hasher.service.js';
import { PeopleRepository } from './people.repository.js';
import { passwordChangeSchema, passwordChoiceSchema, type PersonWithRoles } from './person.js';
import { PersonRecords } from './person-records.service.js';
import { type NewSession, type RequestOrigin, Sessions } from './sessions.service.js';
import { SignInLimits } from './sign-in-limits.service.js';
import { hashToken } from './token-issuer.service.js';

/** Passwords as people choose them: nobody else ever knows one. */
@Injectable()
export class Passwords {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleRepository,
    private readonly hasher: PasswordHasher,
    private readonly records: PersonRecords,
    private readonly sessions: Sessions,
    private readonly limits: SignInLimits,
  ) {}

  /** Chooses a password by the one-time secret of an invitation, and signs in. */
  async choose(origin: RequestOrigin, body: unknown): Promise<NewSession> {
    const { secret, password } = parseInput(passwordChoiceSchema, body, 'password');
    const hash = hashToken(secret);
    // Who knows no secret is not to make the server hash.
    const invited = await this.transactions.read((tx) => this.people.findByInvitation(tx, hash));
    if (!this.mayChoose(invited, hash)) throw invitationRefused();
    const passwordHash = await this.hasher.hash(password);
    return this.transactions.run(async (tx) => {
      const found = await this.people.findByInvitation(tx, hash);
      const before = found && (await this.people.lock(tx, found.id));
      // What held a moment ago may have been used, or taken back, meanwhile.
      if (!this.mayChoose(before, hash)) throw invitationRefused();
      const ctx: RequestContext = { actor: { kind: 'person', id: before.id, name: before.name }, scope: [], ...origin };
      const after = { ...before, passwordHash, invitation: null };
      await this.sessions.endAll(tx, before.id);
      return this.sessions.begin(
        tx,
        origin,
        await this.records.save(tx, ctx, 'person.passwordChosen', { before, after }),
      );
    });
  }

  /** Changes the password of who asks. Their other sessions end. */
  async change(ctx: RequestContext, body: unknown): Promise<PersonWithRoles> {
    const { currentPassword, newPassword } = parseInput(passwordChangeSchema, body, 'password');
    const known = await this.transactions.read((tx) => this.require(ctx, (id) => this.people.find(tx, id)));
    const isRight = await this.limits.attempt({ address: known.id, account: known.email }, async () =>
      (await this.hasher.verify(currentPassword, known.passwordHash)) ? true : undefined,
    );
    if (isRight === undefined) throw wrongPassword();
    const passwordHash = await this.hasher.hash(newPassword);
    return this.transactions.run(async (tx) => {
      const before = await this.require(ctx, (id) => this.people.lock(tx, id));
      if (before.passwordHash !== known.passwordHash) throw wrongPassword();
      await this.sessions.endAll(tx, before.id, ctx.session?.id);
      return this.records.save(tx, ctx, 'person.passwordChanged', { before, after: { ...before, passwordHash } });
    });
  }

  /** Ends every session of who asks. */
  signOutEverywhere(ctx: RequestContext): Promise<PersonWithRoles> {
    return this.transactions.run(async (tx) => {
      const before = await this.require(ctx, (id) => this.people.lock(tx, id));
      await this.sessions.endAll(tx, before.id);
      return this.records.save(tx, ctx, 'person.signedOutEverywhere', { before, after: before });
    });
  }

  private mayChoose(person: PersonWithRoles | null, hash: string): person is PersonWithRoles {
    if (person?.invitation?.hash !== hash || person.disabledAt !== null) return false;
    return person.invitation.endsAt > this.records.now();
  }

  private async require(
    { actor }: RequestContext,
    find: (id: string) => Promise<PersonWithRoles | null>,
  ): Promise<PersonWithRoles> {
    const person = actor.kind === 'person' ? await find(actor.id) : null;
    if (person !== null) return person;
    throw forbidden('NOT_A_PERSON', 'A token has no password and no sessions; sign in as a person.');
  }
}

function invitationRefused(): Error {
  return unauthenticated(
    'INVITATION_REFUSED',
    'This invitation is unknown, used or older than 72 hours; ask an admin for another.',
  );
}

function wrongPassword(): Error {
  return forbidden('PASSWORD_WRONG', 'This is not your present password; try again, or ask an admin for a new one.');
}
