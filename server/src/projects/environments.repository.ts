import { Injectable } from '@nestjs/common';
import { conflict } from '../kernel/errors.js';
import type { Transaction } from '../kernel/transactions.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { Environment } from './project.js';

@Injectable()
export class EnvironmentsRepository {
  find(tx: Transaction, projectId: string, key: string): Promise<Environment | null> {
    return clientOf(tx).environment.findUnique({ where: { projectId_key: { projectId, key } } });
  }

  async findWithProjectKey(tx: Transaction, id: string): Promise<(Environment & { projectKey: string }) | null> {
    const row = await clientOf(tx).environment.findUnique({ where: { id }, include: { project: true } });
    if (row === null) return null;
    const { project, ...environment } = row;
    return { ...environment, projectKey: project.key };
  }

  listOfProject(tx: Transaction, projectId: string): Promise<readonly Environment[]> {
    return clientOf(tx).environment.findMany({ where: { projectId }, orderBy: { key: 'asc' } });
  }

  listOfProjects(tx: Transaction, projectIds: readonly string[]): Promise<readonly Environment[]> {
    return clientOf(tx).environment.findMany({
      where: { projectId: { in: [...projectIds] } },
      orderBy: { key: 'asc' },
    });
  }

  /**
   * Keeps others from adding environments to a project, or changing what they share, until the transaction ends. Rows
   * that refer to the project may be added all the while: whoever adds one may hold an environment that the caller
   * waits for next.
   */
  async lockProject(tx: Transaction, projectId: string): Promise<void> {
    await clientOf(tx).$executeRaw`SELECT FROM project WHERE id = ${projectId}::uuid FOR NO KEY UPDATE`;
  }

  /** Keeps others who lock an environment from it until the transaction ends; it may be referred to meanwhile. */
  async lock(tx: Transaction, id: string): Promise<void> {
    await clientOf(tx).$executeRaw`SELECT FROM environment WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  }

  async insert(tx: Transaction, environment: Environment): Promise<void> {
    const { count } = await clientOf(tx).environment.createMany({ data: [environment], skipDuplicates: true });
    if (count === 0) {
      throw conflict(
        'ENVIRONMENT_EXISTS',
        `This project has an environment "${environment.key}" already; choose another key.`,
      );
    }
  }

  async save(tx: Transaction, { id, version, name, production }: Environment): Promise<void> {
    const { count } = await clientOf(tx).environment.updateMany({
      where: { id, version },
      data: { name, production, version: version + 1 },
    });
    if (count === 0) throw conflict('EDIT_COLLIDED', 'Someone changed this environment at the same moment; try again.');
  }

  /** Raises the revision by one and returns the new one. Environments are locked in order of id, against deadlock. */
  async advanceRevision(tx: Transaction, id: string): Promise<number> {
    const { revision } = await clientOf(tx).environment.update({
      where: { id },
      data: { revision: { increment: 1 } },
      select: { revision: true },
    });
    return revision;
  }

  /** Environments of the projects named, or of all, with the keys of their projects; in order of both keys. */
  async listPlaces(
    tx: Transaction,
    projectIds: readonly string[] | undefined,
  ): Promise<readonly (Environment & { readonly projectKey: string })[]> {
    const rows = await clientOf(tx).environment.findMany({
      where: projectIds === undefined ? {} : { projectId: { in: [...projectIds] } },
      include: { project: { select: { key: true } } },
      orderBy: [{ project: { key: 'asc' } }, { key: 'asc' }],
    });
    return rows.map(({ project, ...environment }) => ({ ...environment, projectKey: project.key }));
  }

  /** The current revision of every environment. */
  listRevisions(tx: Transaction): Promise<readonly { id: string; revision: number }[]> {
    return clientOf(tx).environment.findMany({ select: { id: true, revision: true } });
  }
}
