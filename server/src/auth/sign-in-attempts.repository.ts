import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { SignInAttempt } from './oidc-sign-in.js';

@Injectable()
export class SignInAttemptsRepository {
  async insert(tx: Transaction, attempt: SignInAttempt): Promise<void> {
    await clientOf(tx).signInAttempt.create({ data: attempt });
  }

  /** Removes the attempt of a state and gives it back: of several who ask, one has it. Null: there is none. */
  async take(tx: Transaction, { hash, state }: Pick<SignInAttempt, 'hash' | 'state'>): Promise<SignInAttempt | null> {
    const [taken] = await clientOf(tx).$queryRaw<readonly SignInAttempt[]>`
      DELETE FROM sign_in_attempt WHERE hash = ${hash} AND state = ${state}
      RETURNING hash, state, nonce, code_verifier AS "codeVerifier", target, ends_at AS "endsAt"`;
    return taken ?? null;
  }

  async deleteEnded(tx: Transaction, now: Date): Promise<void> {
    await clientOf(tx).signInAttempt.deleteMany({ where: { endsAt: { lte: now } } });
  }
}
