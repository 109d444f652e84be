import { Prisma } from './generated/client.js';

/** SQLSTATE of a serialization failure and of a deadlock: the store has undone the transaction, whole. */
const UNDONE: readonly unknown[] = ['40001', '40P01'];
/** SQLSTATE of a statement that took too long, as those do that wait for others, and of a lock not to be had in time. */
const TOOK_TOO_LONG: readonly unknown[] = ['57014', '55P03'];

/** Prisma's codes of a server that is not reached, does not answer, or closed the connection. */
const AWAY: readonly unknown[] = ['P1001', 'P1002', 'P1008', 'P1017'];
/** SQLSTATE of a server that ends, crashed, starts or has no connection left, and of a session that it gave up. */
const GIVEN_UP: readonly unknown[] = ['57P01', '57P02', '57P03', '53300', '25P03'];
/** What pg says of connections that ended or never came to be; it has no codes for them. */
const WITHOUT_CONNECTION =
  /^(?:Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/u;

/**
 * Whether the store undid a transaction because another one stood in its way. Prisma has a code of its own for that
 * (P2034), but not when it happens to SQL that was written by hand.
 */
export function isWriteConflict(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  return error.code === 'P2034' || UNDONE.includes(originalCodeOf(error));
}

/**
 * Whether a transaction got no turn, or was undone because it or one of its statements took too long: others had the
 * store, and nothing was stored (https://www.prisma.io/docs/orm/reference/error-reference#p2028).
 */
export function isOutOfTime(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  return error.code === 'P2028' || TOOK_TOO_LONG.includes(originalCodeOf(error));
}

/** Whether there was no store to talk to, or not until the end: what was begun may be stored or not. */
export function isStoreAway(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    return AWAY.includes(error.code) || GIVEN_UP.includes(originalCodeOf(error));
  }
  return error instanceof Error && WITHOUT_CONNECTION.test(error.message);
}

/** Whether the store refused values themselves (SQLSTATE class 22): it would refuse them another time as well. */
export function isRefusedData(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  const code = originalCodeOf(error);
  return typeof code === 'string' && code.startsWith('22');
}

/** What the database itself said, as the driver adapters pass it on. */
function originalCodeOf({ meta }: Prisma.PrismaClientKnownRequestError): unknown {
  // Its own shape, which Prisma does not publish; every part of it may be absent.
  const adapterError = meta?.['driverAdapterError'] as
    { readonly cause?: { readonly originalCode?: unknown } } | undefined;
  return adapterError?.cause?.originalCode;
}
