import { Injectable } from '@nestjs/common';
import { conflict } from '../kernel/errors.js';
import type { PageRequest } from '../kernel/page.js';
import type { Transaction } from '../kernel/transactions.js';
import type { Policy as Row, PolicyVersion as VersionRow, Prisma } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { PolicyTemplate } from './parse-policy.js';
import type { Policy, PolicyVersion } from './policy.js';

@Injectable()
export class PoliciesRepository {
  async find(tx: Transaction, projectId: string, key: string): Promise<Policy | null> {
    const row = await clientOf(tx).policy.findUnique({ where: { projectId_key: { projectId, key } } });
    return row === null ? null : withDocument(row, await this.findVersion(tx, row.id, row.version));
  }

  async listPage(tx: Transaction, projectId: string, { limit, after }: PageRequest): Promise<readonly Policy[]> {
    const rows = await clientOf(tx).policy.findMany({
      where: { projectId, ...(after === undefined ? {} : { key: { gt: after } }) },
      orderBy: { key: 'asc' },
      take: limit + 1,
    });
    const newest = await clientOf(tx).policyVersion.findMany({
      where: { OR: rows.map(({ id: policyId, version }) => ({ policyId, version })) },
    });
    const versions = new Map(newest.map((each) => [each.policyId, toVersion(each)]));
    return rows.map((row) => withDocument(row, versions.get(row.id) ?? null));
  }

  async findVersion(tx: Transaction, policyId: string, version: number): Promise<PolicyVersion | null> {
    const row = await clientOf(tx).policyVersion.findUnique({ where: { policyId_version: { policyId, version } } });
    return row === null ? null : toVersion(row);
  }

  /** Versions of a policy, the newest first, at most so many. */
  async listVersions(tx: Transaction, policyId: string, limit: number): Promise<readonly PolicyVersion[]> {
    const rows = await clientOf(tx).policyVersion.findMany({
      where: { policyId },
      orderBy: { version: 'desc' },
      take: limit,
    });
    return rows.map(toVersion);
  }

  async insert(tx: Transaction, { document, parameters, ...policy }: Policy): Promise<void> {
    const { count } = await clientOf(tx).policy.createMany({ data: [policy], skipDuplicates: true });
    if (count === 0) {
      throw conflict(
        'POLICY_EXISTS',
        `This project has a policy "${policy.key}" already; edit it or choose another key.`,
      );
    }
    await this.insertVersion(tx, policy.id, {
      version: policy.version,
      parameters,
      document,
      createdAt: policy.createdAt,
    });
  }

  /** Stores a policy over the version it was made from, as the next version, and returns it. */
  async save(tx: Transaction, { document, parameters, ...policy }: Policy): Promise<Policy> {
    const after = { ...policy, version: policy.version + 1 };
    const where = { id: policy.id, version: policy.version };
    const { count } = await clientOf(tx).policy.updateMany({ where, data: after });
    if (count === 0) throw conflict('EDIT_COLLIDED', 'Someone changed this policy at the same moment; try again.');
    await this.insertVersion(tx, policy.id, {
      version: after.version,
      parameters,
      document,
      createdAt: policy.updatedAt,
    });
    return { ...after, parameters, document };
  }

  private async insertVersion(tx: Transaction, policyId: string, written: PolicyVersion): Promise<void> {
    const { version, createdAt, parameters, document } = written;
    // What was parsed is JSON by construction.
    const template = { parameters, document } as unknown as Prisma.InputJsonValue;
    await clientOf(tx).policyVersion.create({ data: { policyId, version, createdAt, document: template } });
  }
}

function withDocument(row: Row, newest: PolicyVersion | null): Policy {
  if (newest === null) throw new Error(`Policy ${row.id} is at version ${row.version}, which is not stored.`);
  return { ...row, parameters: newest.parameters, document: newest.document };
}

function toVersion({ version, document: template, createdAt }: VersionRow): PolicyVersion {
  // Only templates that were parsed are ever stored.
  const { parameters, document } = template as unknown as PolicyTemplate;
  return { version, parameters, document, createdAt };
}
