import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Json } from '../../kernel/json.js';
import { PrismaClient, type Prisma } from '../prisma/generated/client.js';

/** A request whose first sending crashed before its end is forgotten after this. */
const ABANDONED_AFTER_MS = 60_000;
const KEEP_MS = 24 * 3_600_000;

/** What is known of an Idempotency-Key: nothing, a request under way, or its answer. */
export type Claim =
  | { readonly kind: 'claimed' }
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
    if (count === 1) return { kind: 'claimed' };
    const found = await this.client.idempotencyRecord.findUnique({ where: { actorId_key: { actorId, key } } });
    if (found === null) return { kind: 'inFlight' };
    if (found.fingerprint !== fingerprint) return { kind: 'otherPayload' };
    return found.status === null
      ? { kind: 'inFlight' }
      : { kind: 'answered', status: found.status, body: found.body as Json };
  }

  async keepAnswer(actorId: string, key: string, status: number, body: Json): Promise<void> {
    await this.client.idempotencyRecord.update({
      where: { actorId_key: { actorId, key } },
      // Json and InputJsonValue differ only in how they say readonly; answers are objects, never null.
      data: { status, body: body as Prisma.InputJsonValue },
    });
  }

  /** Forgets a key whose request failed, so that it may be tried again. */
  async release(actorId: string, key: string): Promise<void> {
    await this.client.idempotencyRecord.deleteMany({ where: { actorId, key } });
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
