import { Injectable } from '@nestjs/common';
import { conflict } from '../kernel/errors.js';
import type { PageRequest } from '../kernel/page.js';
import type { Transaction } from '../kernel/transactions.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { Project } from './project.js';

@Injectable()
export class ProjectsRepository {
  find(tx: Transaction, key: string): Promise<Project | null> {
    return clientOf(tx).project.findUnique({ where: { key } });
  }

  /** Projects in order of key; only those named when ids are given. */
  list(
    tx: Transaction,
    { limit, after }: PageRequest,
    ids: readonly string[] | undefined,
  ): Promise<readonly Project[]> {
    return clientOf(tx).project.findMany({
      where: {
        ...(ids === undefined ? {} : { id: { in: [...ids] } }),
        ...(after === undefined ? {} : { key: { gt: after } }),
      },
      orderBy: { key: 'asc' },
      take: limit + 1,
    });
  }

  listById(tx: Transaction, ids: readonly string[]): Promise<readonly Project[]> {
    return clientOf(tx).project.findMany({ where: { id: { in: [...ids] } } });
  }

  async insert(tx: Transaction, project: Project): Promise<void> {
    const { count } = await clientOf(tx).project.createMany({ data: [project], skipDuplicates: true });
    if (count === 0)
      throw conflict('PROJECT_EXISTS', `There is already a project "${project.key}"; choose another key.`);
  }

  async save(tx: Transaction, project: Project): Promise<void> {
    const { id, version, name } = project;
    const { count } = await clientOf(tx).project.updateMany({
      where: { id, version },
      data: { name, version: version + 1 },
    });
    if (count === 0) throw conflict('EDIT_COLLIDED', 'Someone changed this project at the same moment; try again.');
  }
}
