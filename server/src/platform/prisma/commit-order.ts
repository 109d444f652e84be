import type { Transaction } from '../../kernel/transactions.js';
import { clientOf } from './prisma-transactions.js';

/** Any fixed number, the same in every version. */
const COMMIT_ORDER_LOCK = 7_070_7072;

/**
 * Makes the caller's transaction the only one that writes what has an order, until it is over: the audit chain and the
 * event log. The lock is let go after the transaction can be seen, so that a number is drawn only once all lower ones
 * can be seen or never will. One lock for both, because two taken in different orders would wait for each other.
 */
export async function lockCommitOrder(tx: Transaction): Promise<void> {
  await clientOf(tx).$executeRaw`SELECT pg_advisory_xact_lock(${COMMIT_ORDER_LOCK})`;
}
