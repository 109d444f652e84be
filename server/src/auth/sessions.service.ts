import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { Clock } from '../kernel/clock.js';
import { Ids } from '../kernel/ids.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { AuthConfig } from '../platform/config/auth.js';
import type { Caller } from './caller.js';
import { PeopleRepository } from './people.repository.js';
import type { Person } from './person.js';
import { isSeenAnew, isStanding, type Session } from './session.js';
import { SessionsRepository } from './sessions.repository.js';
import { hashToken } from './token-issuer.service.js';

/** Somebody who is signed in, and until when at most. */
export type SignedIn = Extract<Caller, { kind: 'person' }> & { readonly endsAt: Date };

/** A session just begun, with the secret that its cookie carries. */
export interface NewSession {
  readonly session: Session;
  readonly secret: string;
  readonly person: Person;
}

/** Where people are signed in. Nothing of it is held in memory: one that was ended has ended on every replica. */
@Injectable()
export class Sessions {
  // Seven: a session is of a person, stored, timed, and on record.
  constructor(
    private readonly transactions: Transactions,
    private readonly sessions: SessionsRepository,
    private readonly people: PeopleRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly config: AuthConfig,
  ) {}

  /** Whose session a secret is of, if it stands; being asked for keeps it from ending idle. */
  async find(secret: string): Promise<SignedIn | undefined> {
    const now = this.clock.now();
    const found = await this.transactions.read(async (tx) => {
      const session = await this.sessions.findByHash(tx, hashToken(secret));
      if (session === null || !isStanding(session, now, this.config.sessionIdleMs)) return undefined;
      const person = await this.people.find(tx, session.personId);
      return person === null || person.disabledAt !== null ? undefined : { session, person };
    });
    if (found === undefined) return undefined;
    const { session, person } = found;
    if (isSeenAnew(session, now)) {
      await this.transactions.run((tx) => this.sessions.saveSeen(tx, { ...session, lastSeenAt: now }));
    }
    return { kind: 'person', person, sessionId: session.id, endsAt: session.endsAt };
  }

  /** Signs somebody in who has shown who they are, and how. */
  async begin(
    tx: Transaction,
    origin: RequestOrigin,
    person: Person,
    by: 'password' | 'oidc' = 'password',
  ): Promise<NewSession> {
    const { id: personId, name, email } = person;
    const now = this.clock.now();
    const secret = randomBytes(32).toString('base64url');
    const endsAt = new Date(now.getTime() + this.config.sessionMaxMs);
    const session = { id: this.ids.next(), hash: hashToken(secret), personId, createdAt: now, lastSeenAt: now, endsAt };
    await this.sessions.deleteEnded(tx, personId, {
      now,
      idleSince: new Date(now.getTime() - this.config.sessionIdleMs),
    });
    await this.sessions.insert(tx, session);
    const ctx: RequestContext = { actor: { kind: 'person', id: personId, name }, scope: [], ...origin };
    await this.audit.record(tx, ctx, 'person.signedIn', { subject: `person/${personId}`, after: { email, by } });
    return { session, secret, person };
  }

  /** Signs out where a secret is used; nothing happens where it is of no session. */
  end(origin: RequestOrigin, secret: string): Promise<void> {
    return this.transactions.run(async (tx) => {
      const session = await this.sessions.findByHash(tx, hashToken(secret));
      const person = session && (await this.people.find(tx, session.personId));
      if (session === null || person === null || !(await this.sessions.delete(tx, session.id))) return;
      const ctx: RequestContext = { actor: { kind: 'person', id: person.id, name: person.name }, scope: [], ...origin };
      await this.audit.record(tx, ctx, 'person.signedOut', { subject: `person/${person.id}` });
    });
  }

  /** Ends all sessions of a person, but for one where that is given. */
  endAll(tx: Transaction, personId: string, but?: string): Promise<void> {
    return this.sessions.deleteOfPerson(tx, personId, but);
  }
}

/** What of a context tells of its request, and not of its caller. */
export type RequestOrigin = Pick<RequestContext, 'requestId' | 'traceparent'>;
