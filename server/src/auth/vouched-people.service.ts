import { Injectable } from '@nestjs/common';
import { forbidden, type SluiceError } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { OidcConfig } from '../platform/config/oidc.js';
import {
  judgeIdentity,
  type OidcRefusal,
  type VouchedIdentity,
  withIdentity,
  withOwnPassword,
} from './oidc-sign-in.js';
import { PeopleRepository } from './people.repository.js';
import type { PersonWithRoles } from './person.js';
import { PersonRecords } from './person-records.service.js';
import { type NewSession, type RequestOrigin, Sessions } from './sessions.service.js';

/** The people whom an OpenID provider vouches for. */
@Injectable()
export class VouchedPeople {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleRepository,
    private readonly records: PersonRecords,
    private readonly sessions: Sessions,
    private readonly config: OidcConfig,
  ) {}

  /** Signs somebody in, and links them where it is the first time; throws `forbidden` where they are not let in. */
  welcome(origin: RequestOrigin, identity: VouchedIdentity): Promise<NewSession> {
    return this.transactions.run(async (tx) => {
      const { email } = identity;
      const found =
        (await this.people.findByIdentity(tx, identity)) ??
        (email === null ? null : await this.people.findByEmail(tx, email));
      const before = found && (await this.people.lock(tx, found.id));
      const verdict = judgeIdentity(identity, before, this.config.provider?.domains);
      if (verdict !== 'known' && verdict !== 'link') throw notLetIn(verdict);
      if (before === null) throw new Error('Who is nobody is let in by no verdict.');
      if (verdict === 'known') return this.sessions.begin(tx, origin, before, 'oidc');
      const linked = await this.link(tx, origin, before, identity);
      return this.sessions.begin(tx, origin, linked, 'oidc');
    });
  }

  private async link(
    tx: Transaction,
    origin: RequestOrigin,
    before: PersonWithRoles,
    identity: VouchedIdentity,
  ): Promise<PersonWithRoles> {
    const ctx: RequestContext = { actor: { kind: 'person', id: before.id, name: before.name }, scope: [], ...origin };
    const own = withOwnPassword(before);
    if (own !== before) await this.sessions.endAll(tx, before.id);
    const kept =
      own === before ? before : await this.records.save(tx, ctx, 'person.passwordVoided', { before, after: own });
    const after = withIdentity(kept, identity);
    return this.records.save(tx, ctx, 'person.identityLinked', { before: kept, after });
  }
}

function notLetIn(refusal: OidcRefusal): SluiceError {
  return forbidden(refusal, 'You are not let in with this account of the provider; the page for signing in says why.');
}
