import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';

/** A build that was rolled back in an environment. */
export interface Rejection {
  readonly environmentId: string;
  readonly serviceId: string;
  readonly digest: string;
  readonly version: string;
  readonly releaseId: string;
  readonly reason: string;
  readonly at: Date;
}

type RejectionKey = Pick<Rejection, 'environmentId' | 'serviceId' | 'digest'>;

@Injectable()
export class RejectionsRepository {
  find(tx: Transaction, at: RejectionKey): Promise<Rejection | null> {
    const { environmentId, serviceId, digest } = at;
    const key = { environmentId, serviceId, digest };
    return clientOf(tx).rejectedDigest.findUnique({ where: { environmentId_serviceId_digest: key } });
  }

  /** Remembers a build, or the newest reason for it. */
  async remember(tx: Transaction, rejection: Rejection): Promise<void> {
    const { environmentId, serviceId, digest } = rejection;
    await clientOf(tx).rejectedDigest.upsert({
      where: { environmentId_serviceId_digest: { environmentId, serviceId, digest } },
      create: rejection,
      update: rejection,
    });
  }

  async forget(tx: Transaction, { environmentId, serviceId, digest }: Rejection): Promise<void> {
    await clientOf(tx).rejectedDigest.deleteMany({ where: { environmentId, serviceId, digest } });
  }
}
