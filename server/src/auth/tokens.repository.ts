import { Injectable } from '@nestjs/common';
import type { PageRequest } from '../kernel/page.js';
import type { Scope } from '../kernel/scope.js';
import type { Transaction } from '../kernel/transactions.js';
import type { AccessToken as Row } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { AccessToken, TokenKind } from './access-token.js';
import type { TokenKin } from './one-hand.js';

@Injectable()
export class TokensRepository {
  async find(tx: Transaction, id: string): Promise<AccessToken | null> {
    return toToken(await clientOf(tx).accessToken.findUnique({ where: { id } }));
  }

  async findByHash(tx: Transaction, hash: string): Promise<AccessToken | null> {
    return toToken(await clientOf(tx).accessToken.findUnique({ where: { hash } }));
  }

  /** Tokens in order of creation; only those bound to places of a scope. */
  async list(tx: Transaction, { limit, after }: PageRequest, scope: Scope): Promise<readonly AccessToken[]> {
    const rows = await clientOf(tx).accessToken.findMany({
      where: {
        ...(after === undefined ? {} : { id: { gt: after } }),
        ...(scope === 'instance'
          ? {}
          : {
              OR: scope.map(({ projectId, environmentId }) => ({
                projectId,
                ...(environmentId === undefined ? {} : { environmentId }),
              })),
            }),
      },
      orderBy: { id: 'asc' },
      take: limit + 1,
    });
    return rows.map(trusted);
  }

  async insert(tx: Transaction, token: AccessToken): Promise<void> {
    await clientOf(tx).accessToken.create({ data: token });
  }

  /** Stores when a token ends. An end once set is never moved later. */
  async saveEnd(tx: Transaction, { id, expiresAt, revokedAt }: AccessToken): Promise<void> {
    await clientOf(tx).accessToken.update({ where: { id }, data: { expiresAt, revokedAt } });
  }

  /** Stores whose a token is that nobody had said it of. */
  async saveOwner(tx: Transaction, id: string, owner: string): Promise<void> {
    await clientOf(tx).accessToken.update({ where: { id }, data: { owner } });
  }

  /** Stores that tokens which one made may have been made by another all along. */
  async saveMaker(tx: Transaction, createdBy: string, maker: string): Promise<void> {
    await clientOf(tx).accessToken.updateMany({ where: { createdBy }, data: { createdBy: maker } });
  }

  /** The hashes of tokens revoked since a moment. */
  async listRevokedSince(tx: Transaction, since: Date): Promise<readonly string[]> {
    const rows = await clientOf(tx).accessToken.findMany({
      where: { revokedAt: { gte: since } },
      select: { hash: true },
    });
    return rows.map(({ hash }) => hash);
  }

  /** Tokens with all that they replace and all that made them, at whatever remove. Ids that are no tokens' are passed over. */
  async listKin(tx: Transaction, ids: readonly string[]): Promise<readonly TokenKin[]> {
    return clientOf(tx).$queryRaw<readonly TokenKin[]>`
      WITH RECURSIVE kin AS (
        SELECT id, owner, created_by, replaces_id FROM access_token WHERE id::text = ANY(${[...ids]})
        UNION
        SELECT token.id, token.owner, token.created_by, token.replaces_id
        FROM access_token token JOIN kin ON token.id IN (kin.created_by, kin.replaces_id)
      )
      SELECT id, owner, created_by AS "createdBy", replaces_id AS "replacesId" FROM kin`;
  }

  /** What some tokens are called. Ids that are no tokens' are passed over. */
  listNames(tx: Transaction, ids: readonly string[]): Promise<readonly Pick<AccessToken, 'id' | 'name'>[]> {
    return clientOf(tx).$queryRaw`SELECT id, name FROM access_token WHERE id::text = ANY(${[...ids]})`;
  }

  /** Whether an instance-wide admin token exists; locks the table, so that one replica alone makes the first. */
  async lockAndLookForAdmin(tx: Transaction): Promise<boolean> {
    await clientOf(tx).$executeRaw`LOCK TABLE access_token IN SHARE ROW EXCLUSIVE MODE`;
    const where = { kind: 'admin', projectId: null, revokedAt: null };
    return (await clientOf(tx).accessToken.count({ where })) > 0;
  }
}

function toToken(row: Row | null): AccessToken | null {
  return row === null ? null : trusted(row);
}

function trusted(row: Row): AccessToken {
  // Only AccessToken values are ever stored.
  return { ...row, kind: row.kind as TokenKind };
}
