import { Injectable } from '@nestjs/common';
import { forbidden, type SluiceError } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { OidcConfig } from '../platform/config/oidc.js';
import { judgeIdentity, type OidcRefusal, type VouchedIdentity, withIdentity } from './oidc-sign-in.js';
import { PeopleRepository } from './people.repository.js';
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
      const actor = { kind: 'person', id: before.id, name: before.name } as const;
      const ctx: RequestContext = { actor, scope: [], ...origin };
      const after = withIdentity(before, identity);
      const linked = await this.records.save(tx, ctx, 'person.identityLinked', { before, after });
      return this.sessions.begin(tx, origin, linked, 'oidc');
    });
  }
}

function notLetIn(refusal: OidcRefusal): SluiceError {
  return forbidden(refusal, 'You are not let in with this account of the provider; the page for signing in says why.');
}
