import { Injectable } from '@nestjs/common';
import { conflict } from '../kernel/errors.js';
import type { PageRequest } from '../kernel/page.js';
import type { Transaction } from '../kernel/transactions.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { ParallelRun } from './parallel-run.js';

@Injectable()
export class ParallelRunsRepository {
  find(tx: Transaction, projectId: string, key: string): Promise<ParallelRun | null> {
    return clientOf(tx).parallelRun.findUnique({ where: { projectId_key: { projectId, key } } });
  }

  findById(tx: Transaction, id: string): Promise<ParallelRun | null> {
    return clientOf(tx).parallelRun.findUnique({ where: { id } });
  }

  listPage(tx: Transaction, projectId: string, { limit, after }: PageRequest): Promise<readonly ParallelRun[]> {
    return clientOf(tx).parallelRun.findMany({
      where: { projectId, ...(after === undefined ? {} : { key: { gt: after } }) },
      orderBy: { key: 'asc' },
      take: limit + 1,
    });
  }

  async insert(tx: Transaction, run: ParallelRun): Promise<void> {
    const { count } = await clientOf(tx).parallelRun.createMany({ data: [run], skipDuplicates: true });
    if (count > 0) return;
    const message = `This project has a parallel run "${run.key}" already; edit it or choose another key.`;
    throw conflict('PARALLEL_RUN_EXISTS', message);
  }

  /** Stores a run over the version it was made from, and returns it with its new version. */
  async save(tx: Transaction, run: ParallelRun): Promise<ParallelRun> {
    const after = { ...run, version: run.version + 1 };
    const { count } = await clientOf(tx).parallelRun.updateMany({
      where: { id: run.id, version: run.version },
      data: after,
    });
    if (count === 0) throw collided();
    return after;
  }

  /** Deletes a run with its settings in every environment, all that was compared, and its certificates. */
  async delete(tx: Transaction, { id, version }: ParallelRun): Promise<void> {
    const client = clientOf(tx);
    const { count } = await client.parallelRun.deleteMany({ where: { id, version } });
    if (count === 0) throw collided();
    const where = { runId: id };
    await client.parallelRunTotal.deleteMany({ where });
    await client.parallelRunMinute.deleteMany({ where });
    await client.parallelRunSignature.deleteMany({ where });
    await client.parallelRunShape.deleteMany({ where });
    await client.parallelRunCertificate.deleteMany({ where });
  }
}

function collided(): Error {
  return conflict('EDIT_COLLIDED', 'Someone changed this parallel run at the same moment; try again.');
}
