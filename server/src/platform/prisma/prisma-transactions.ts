import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@nestjs/common';
import { type SluiceError, unavailable } from '../../kernel/errors.js';
import { Transaction, Transactions } from '../../kernel/transactions.js';
import { Prisma, type PrismaClient } from './generated/client.js';
import { HeldTransaction, type Work } from './held-transaction.js';
import { settledWithin } from '../jobs/settled-within.js';
import { isOutOfTime, isStoreAway, isWriteConflict } from './store-failure.js';

/** Whoever stood in the way has gone on by then; who loses so often meets more than one. */
const MAX_ATTEMPTS = 4;

/** How long a transaction may wait for its turn, and how long it may take, in milliseconds. */
export interface TransactionLimits {
  readonly maxWait: number;
  readonly timeout: number;
}

/** Writers queue for the audit chain's end, so waiting a while for a turn is normal. */
const LIMITS: TransactionLimits = { maxWait: 10_000, timeout: 20_000 };
/** What the store itself may take to begin and to end a transaction. */
const ENDING_MS = 1_000;
/** How long a transaction that may take long asks for nothing: the server ends others sooner (postgres-connection.ts). */
const LONG_IDLE_MS = 600_000;

/** What to do when the store went away, or says nothing: what was to be stored may be, what was only read is not missed. */
const COME_AGAIN = {
  write: ', and may have stored this or not; look, and send the request again.',
  read: '; send the request again.',
};
type Purpose = keyof typeof COME_AGAIN;

class PrismaTransaction extends Transaction {
  readonly effects: (() => void)[] = [];

  constructor(readonly client: Prisma.TransactionClient) {
    super();
  }

  override afterCommit(effect: () => void): void {
    this.effects.push(effect);
  }
}

export class PrismaTransactions extends Transactions {
  private readonly logger = new Logger(PrismaTransactions.name);
  private readonly held = new AsyncLocalStorage<HeldTransaction>();

  constructor(
    private readonly client: PrismaClient,
    private readonly kind: 'pglite' | 'postgresql',
    private readonly limits = LIMITS,
  ) {
    super();
  }

  /** The same store for work that may take another time. */
  withLimits(limits: TransactionLimits): PrismaTransactions {
    return new PrismaTransactions(this.client, this.kind, limits);
  }

  override run<T>(work: Work<T>): Promise<T> {
    const held = this.held.getStore();
    return held === undefined || held.isOver ? this.persevere(work) : held.run(work);
  }

  /**
   * Runs work, and records what came of it in the transaction that the work itself runs: both are stored, or neither.
   * The transaction commits, and its effects follow, when the work is done and recorded. Rejects as the work does. Runs
   * it once only, for it is more than a transaction: whoever asked may ask again.
   */
  async runRecorded<T>(work: () => Promise<T>, record: (tx: Transaction, result: T) => Promise<void>): Promise<T> {
    const held = new HeldTransaction((all) => this.commit(all));
    try {
      const result = await this.held.run(held, work);
      await held.commit((tx) => record(tx, result));
      return result;
    } catch (error) {
      await held.rollBack(error);
      throw isWriteConflict(error) || isOutOfTime(error) ? this.refusal(error, 'write') : this.told(error, 'write');
    }
  }

  override async read<T>(work: Work<T>): Promise<T> {
    const current = this.held.getStore()?.current;
    if (current !== undefined) return work(await current);
    // PGlite has one connection, so its transactions never see each other's changes anyway.
    const isolation =
      this.kind === 'postgresql' ? { isolationLevel: Prisma.TransactionIsolationLevel.RepeatableRead } : {};
    try {
      return await this.inTime(
        this.client.$transaction(async (client) => work(await this.begun(client)), { ...this.limits, ...isolation }),
        'read',
      );
    } catch (error) {
      throw isOutOfTime(error) ? this.refusal(error, 'read') : this.told(error, 'read');
    }
  }

  /** Runs a transaction that was undone because another stood in its way once more, from the beginning. */
  private async persevere<T>(work: Work<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.commit(work);
      } catch (error) {
        // Who had no turn has waited long enough.
        const isLast = attempt === MAX_ATTEMPTS || isOutOfTime(error);
        if (!isWriteConflict(error) && !isOutOfTime(error)) throw this.told(error, 'write');
        if (isLast) throw this.refusal(error, 'write');
      }
    }
  }

  private refusal(error: unknown, purpose: Purpose): SluiceError {
    this.logger.warn(error, 'The store undid a transaction that others stood in the way of.');
    const stored = purpose === 'write' ? ' and nothing was stored' : '';
    const message = `Others had the store at the same moment${stored}; send the request again.`;
    return unavailable('STORE_BUSY', message, { data: { retryAfterSeconds: 1 } });
  }

  /** A failure as whoever asked is to hear of it. */
  private told(error: unknown, purpose: Purpose): unknown {
    if (!isStoreAway(error)) return error;
    this.logger.warn(error, 'The store went away from a transaction.');
    const message = `The database went away${COME_AGAIN[purpose]}`;
    return unavailable('STORE_UNREACHABLE', message, { data: { retryAfterSeconds: 5 } });
  }

  private commit<T>(work: Work<T>): Promise<T> {
    return this.inTime(this.commitInTheEnd(work), 'write');
  }

  /** Prisma's limits are the engine's, which waits for a store that says nothing. */
  private async inTime<T>(transaction: Promise<T>, purpose: Purpose): Promise<T> {
    const { maxWait, timeout } = this.limits;
    if (await settledWithin(transaction, maxWait + timeout + ENDING_MS)) return transaction;
    const message = `The database does not answer${COME_AGAIN[purpose]}`;
    throw unavailable('STORE_SILENT', message, { data: { retryAfterSeconds: 10 } });
  }

  private async begun(client: Prisma.TransactionClient): Promise<PrismaTransaction> {
    const { timeout } = this.limits;
    if (this.kind === 'postgresql' && timeout > LIMITS.timeout) {
      const idleMs = Math.min(timeout, LONG_IDLE_MS);
      await client.$executeRaw`
        SELECT set_config('idle_in_transaction_session_timeout', ${String(idleMs)}, true),
          set_config('statement_timeout', ${String(timeout)}, true)`;
    }
    return new PrismaTransaction(client);
  }

  private async commitInTheEnd<T>(work: Work<T>): Promise<T> {
    let effects: readonly (() => void)[] = [];
    const result = await this.client.$transaction(async (client) => {
      const tx = await this.begun(client);
      effects = tx.effects;
      return work(tx);
    }, this.limits);
    for (const effect of effects) effect();
    return result;
  }
}

/** The Prisma client of an open transaction, for repositories. */
export function clientOf(tx: Transaction): Prisma.TransactionClient {
  if (tx instanceof PrismaTransaction) return tx.client;
  throw new Error('This transaction was not opened by PrismaTransactions.');
}
