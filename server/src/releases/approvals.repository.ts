import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { StartApproval } from './release.js';

const START = 'start';

@Injectable()
export class ApprovalsRepository {
  async list(tx: Transaction, releaseId: string): Promise<readonly StartApproval[]> {
    return (await this.listOf(tx, [releaseId])).get(releaseId) ?? [];
  }

  /** Those of releases, by release and there the oldest first; releases without any are left out. */
  async listOf(tx: Transaction, releaseIds: readonly string[]): Promise<ReadonlyMap<string, readonly StartApproval[]>> {
    const rows = await clientOf(tx).releaseApproval.findMany({
      where: { releaseId: { in: [...releaseIds] }, gate: START },
      orderBy: { at: 'asc' },
      omit: { gate: true },
    });
    const found = new Map<string, StartApproval[]>();
    for (const { releaseId, ...approval } of rows) found.set(releaseId, [...(found.get(releaseId) ?? []), approval]);
    return found;
  }

  /** False when the same person has approved the same content before. */
  async insert(tx: Transaction, releaseId: string, approval: StartApproval): Promise<boolean> {
    const data = [{ ...approval, releaseId, gate: START }];
    const { count } = await clientOf(tx).releaseApproval.createMany({ data, skipDuplicates: true });
    return count > 0;
  }
}
