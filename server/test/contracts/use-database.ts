import { afterAll, beforeAll } from '@jest/globals';
import type { Transaction } from '../../src/kernel/transactions.js';
import type { Database } from '../../src/platform/prisma/open-database.js';
import { PrismaTransactions } from '../../src/platform/prisma/prisma-transactions.js';
import type { OpenDatabase } from './databases.js';

/** Opening may migrate an engine that starts cold, beside other suites on few cores. */
const OPEN_TIMEOUT_MS = 60_000;

/** The one database of a suite. Its tests keep out of each other's way by using keys of their own. */
export interface DatabaseInUse {
  readonly database: Database;
  readonly transactions: PrismaTransactions;
  /** Runs one transaction and answers what it answers. */
  run<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}

/** Opens a database before the suite's tests and closes it after them. Use what is returned inside tests only. */
export function useDatabase(open: OpenDatabase): DatabaseInUse {
  let opened: Database | undefined;
  const required = (): Database => {
    if (opened === undefined) throw new Error('The database is open inside tests only.');
    return opened;
  };
  const transactionsOf = ({ client, kind }: Database): PrismaTransactions => new PrismaTransactions(client, kind);

  beforeAll(async () => {
    opened = await open();
    // The client loads its engine with its first query, and Jest lets nothing be loaded between tests.
    await opened.client.$queryRaw`SELECT 1`;
  }, OPEN_TIMEOUT_MS);
  afterAll(() => opened?.close(), OPEN_TIMEOUT_MS);

  return {
    get database() {
      return required();
    },
    get transactions() {
      return transactionsOf(required());
    },
    run: (work) => transactionsOf(required()).run(work),
  };
}
