import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { Session } from './session.js';

/** A session as those who follow it see it. */
export type SessionStanding = Pick<Session, 'id' | 'lastSeenAt' | 'endsAt'> & { readonly accessVersion: number };

@Injectable()
export class SessionsRepository {
  findByHash(tx: Transaction, hash: string): Promise<Session | null> {
    return clientOf(tx).session.findUnique({ where: { hash } });
  }

  async insert(tx: Transaction, session: Session): Promise<void> {
    await clientOf(tx).session.create({ data: session });
  }

  /** Writes down that a session was used; nothing happens to one that is gone. */
  async saveSeen(tx: Transaction, { id, lastSeenAt }: Session): Promise<void> {
    await clientOf(tx).session.updateMany({ where: { id }, data: { lastSeenAt } });
  }

  /** Removes one session; tells whether it was there. */
  async delete(tx: Transaction, id: string): Promise<boolean> {
    return (await clientOf(tx).session.deleteMany({ where: { id } })).count > 0;
  }

  /** Removes the sessions of a person, but for one where that is given. */
  async deleteOfPerson(tx: Transaction, personId: string, but: string | undefined): Promise<void> {
    await clientOf(tx).session.deleteMany({ where: { personId, ...(but === undefined ? {} : { id: { not: but } }) } });
  }

  /** Removes those of a person that ended by themselves: by their time, or last used before a moment. */
  async deleteEnded(tx: Transaction, personId: string, { now, idleSince }: Ends): Promise<void> {
    await clientOf(tx).session.deleteMany({
      where: { personId, OR: [{ endsAt: { lte: now } }, { lastSeenAt: { lte: idleSince } }] },
    });
  }

  /** Those of some sessions that are still there, with what their people may do now. */
  async listStandings(tx: Transaction, ids: readonly string[]): Promise<readonly SessionStanding[]> {
    const rows = await clientOf(tx).session.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true, lastSeenAt: true, endsAt: true, person: { select: { accessVersion: true } } },
    });
    return rows.map(({ person, ...row }) => ({ ...row, ...person }));
  }
}

interface Ends {
  readonly now: Date;
  readonly idleSince: Date;
}
