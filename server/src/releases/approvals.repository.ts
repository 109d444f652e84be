import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { StartApproval } from './release.js';

const START = 'start';

@Injectable()
export class ApprovalsRepository {
  async list(tx: Transaction, releaseId: string): Promise<readonly StartApproval[]> {
    const rows = await clientOf(tx).releaseApproval.findMany({
      where: { releaseId, gate: START },
      orderBy: { at: 'asc' },
    });
    return rows.map(({ actorId, actorName, contentHash, comment, at }) => ({
      actorId,
      actorName,
      contentHash,
      comment,
      at,
    }));
  }

  /** False when the same person has approved the same content before. */
  async insert(tx: Transaction, releaseId: string, approval: StartApproval): Promise<boolean> {
    const data = [{ ...approval, releaseId, gate: START }];
    const { count } = await clientOf(tx).releaseApproval.createMany({ data, skipDuplicates: true });
    return count > 0;
  }
}
