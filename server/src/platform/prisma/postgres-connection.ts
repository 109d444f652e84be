import { Socket } from 'node:net';
import { constants } from 'node:os';
import type { ClientConfig, PoolConfig } from 'pg';

/** How long whoever is silent on a connection to PostgreSQL is waited for, in milliseconds. */
export interface Patience {
  /** By us, on a connection on which nothing happens. Longer than a transaction may take (prisma-transactions.ts). */
  readonly answerMs: number;
  /** By the server, for a statement, which may wait for others all the while. */
  readonly statementMs: number;
  /** By the server, for a transaction that asks for nothing, and holds what all others may be waiting for. */
  readonly idleTransactionMs: number;
}

/**
 * Sessions of a machine that vanished wait in line like others, and what one of them gets it holds until it was idle for
 * too long: all is free again after both together. The statement's time is the shorter, so that mostly those in line are
 * gone before the lock is let go. A `lock_timeout` would not do: a row is waited for twice, for one's place in its line
 * and for whoever has it, and that limit begins anew with each.
 */
export const PATIENCE: Patience = { answerMs: 30_000, statementMs: 7_500, idleTransactionMs: 10_000 };

const KEEPALIVE_AFTER_MS = 10_000;
/** Longer than transactions wait for their turn, which they tell of better. Prisma's pool is pg's, of ten. */
const CONNECT_MS = 15_000;
/**
 * A machine that lost its power, or a router that forgot, tells nobody: PostgreSQL would keep the session, and the locks
 * that it holds, for two hours. It takes it for lost after 25 s (seconds, but for the last, in milliseconds:
 * https://www.postgresql.org/docs/current/runtime-config-connection.html).
 */
const SERVER_SIDE = [
  ['tcp_keepalives_idle', 10],
  ['tcp_keepalives_interval', 5],
  ['tcp_keepalives_count', 3],
  ['tcp_user_timeout', 25_000],
];

/** A session that neither end keeps once the other is gone. Options that the URL has go before these. */
export function sessionAt(url: string): ClientConfig {
  return {
    connectionString: url,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_AFTER_MS,
    options: SERVER_SIDE.map(([name, value]) => `-c ${name}=${value}`).join(' '),
  };
}

/**
 * What sessions that work in transactions have besides. A connection is destroyed once it was silent for too long: pg's
 * own `query_timeout` would give it back to the pool, where the next one waits behind the answer that never comes. One
 * that nobody uses is not kept for so long.
 */
export function whileHeard({ answerMs, statementMs, idleTransactionMs }: Patience): PoolConfig {
  return {
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: idleTransactionMs,
    stream: () => {
      const socket = new Socket();
      return socket.setTimeout(answerMs, () => socket.destroy(silent(answerMs)));
    },
  };
}

/** As the system says it of a connection that it takes for lost. */
function silent(answerMs: number): Error {
  const error = new Error(`The database has not answered for ${answerMs / 1_000} s; its connection is given up.`);
  return Object.assign(error, { code: 'ETIMEDOUT', syscall: 'read', errno: -constants.errno.ETIMEDOUT });
}
