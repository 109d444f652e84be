import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { conflict } from '../../kernel/errors.js';
import type { Json } from '../../kernel/json.js';
import type { Transaction } from '../../kernel/transactions.js';
import { PrismaClient, type Prisma } from '../prisma/generated/client.js';
import { clientOf } from '../prisma/prisma-transactions.js';

/** A request whose first sending crashed before its end is forgotten after this. */
const ABANDONED_AFTER_MS = 60_000;
const KEEP_MS = 24 * 3_600_000;

/** The right to perform the request of a caller's key. */
export interface ClaimedKey {
  readonly actorId: string;
  readonly key: string;
  /** Tells one who claimed the key from another who took the first one for crashed. */
  readonly since: Date;
}

/** What is known of an Idempotency-Key: nothing, a request under way, or its answer. */
export type Claim =
  | { readonly kind: 'claimed'; readonly claimed: ClaimedKey }
  | { readonly kind: 'inFlight' }
  | { readonly kind: 'otherPayload' }
  | { readonly kind: 'answered'; readonly status: number; readonly body: Json };

@Injectable()
export class IdempotencyRepository {
  constructor(
    private readonly client: PrismaClient,
    private readonly clock: Clock,
  ) {}

  /** Claims a key for one request, or tells what came of an earlier one. Its own transaction, before the use case's. */
  async claim(actorId: string, key: string, fingerprint: string): Promise<Claim> {
    const now = this.clock.now();
    await this.forgetOld(actorId, key, now);
    const data = [{ actorId, key, fingerprint, createdAt: now }];
    const { count } = await this.client.idempotencyRecord.createMany({ data, skipDuplicates: true });
    if (count === 1) return { kind: 'claimed', claimed: { actorId, key, since: now } };
    const found = await this.client.idempotencyRecord.findUnique({ where: { actorId_key: { actorId, key } } });
    if (found === null) return { kind: 'inFlight' };
    if (found.fingerprint !== fingerprint) return { kind: 'otherPayload' };
    return found.status === null
      ? { kind: 'inFlight' }
      : { kind: 'answered', status: found.status, body: found.body as Json };
  }

  /**
   * Stores the answer with what the request did. Throws `conflict` when the request was taken for crashed and the key
   * claimed by another: what it did is then undone.
   */
  async keepAnswer(tx: Transaction, claimed: ClaimedKey, status: number, body: Json): Promise<void> {
    const { count } = await clientOf(tx).idempotencyRecord.updateMany({
      where: stillClaimed(claimed),
      // Json and InputJsonValue differ only in how they say readonly; answers are objects, never null.
      data: { status, body: body as Prisma.InputJsonValue },
    });
    if (count === 1) return;
    throw conflict(
      'IDEMPOTENT_REQUEST_OVERTAKEN',
      'This request took too long, and another one with its Idempotency-Key took its place; this one changed nothing.',
    );
  }

  /** Forgets a key whose request failed, so that it may be tried again. */
  async release(claimed: ClaimedKey): Promise<void> {
    await this.client.idempotencyRecord.deleteMany({ where: stillClaimed(claimed) });
  }

  private async forgetOld(actorId: string, key: string, now: Date): Promise<void> {
    const abandoned = new Date(now.getTime() - ABANDONED_AFTER_MS);
    const expired = new Date(now.getTime() - KEEP_MS);
    await this.client.idempotencyRecord.deleteMany({
      where: {
        OR: [{ createdAt: { lt: expired } }, { actorId, key, status: null, createdAt: { lt: abandoned } }],
      },
    });
  }
}

function stillClaimed({ actorId, key, since }: ClaimedKey): Prisma.IdempotencyRecordWhereInput {
  return { actorId, key, status: null, createdAt: since };
}
