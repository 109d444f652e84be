import { Global, Injectable, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Transactions } from '../../kernel/transactions.js';
import { ClockWatch } from '../clock/clock-watch.provider.js';
import { DatabaseConfig } from '../config/database.js';
import { StoreHealth } from '../health/store-health.js';
import { settledWithin } from '../jobs/settled-within.js';
import { PrismaClient } from './generated/client.js';
import { type Database, openDatabase } from './open-database.js';
import { PrismaTransactions } from './prisma-transactions.js';

const DATABASE = Symbol('database');
/** A store that takes longer for its smallest answer is out of reach, whatever its connections say. */
const ANSWER_MS = 2_000;

/** Closes the store last, when nobody uses it any more. */
@Injectable()
class DatabaseCloser implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  onApplicationShutdown(): Promise<void> {
    return this.database.close();
  }
}

function healthOf(client: PrismaClient): StoreHealth {
  return {
    ping: async () => {
      await inTime(client.$queryRaw`SELECT 1`);
    },
    now: async () => {
      const [row] = await inTime(client.$queryRaw<[{ readonly at: Date }]>`SELECT clock_timestamp() AS at`);
      return row.at;
    },
  };
}

async function inTime<T>(asked: PromiseLike<T>): Promise<T> {
  // Prisma asks once it is waited for, and for each wait anew.
  const answered = Promise.resolve(asked);
  if (await settledWithin(answered, ANSWER_MS)) return answered;
  throw new Error('The database does not answer.');
}

async function openAndTell(config: DatabaseConfig): Promise<Database> {
  const database = await openDatabase(config);
  const { appliedMigrations: applied, unknownMigrations: unknown } = database;
  const logger = new Logger('Store');
  if (applied.length > 0) logger.log(`Migrated: ${applied.join(', ')}`);
  if (unknown.length > 0) logger.warn(`A later version of Sluice has added to the store: ${unknown.join(', ')}`);
  return database;
}

@Global()
@Module({
  providers: [
    { provide: DATABASE, useFactory: openAndTell, inject: [DatabaseConfig] },
    { provide: PrismaClient, useFactory: (database: Database) => database.client, inject: [DATABASE] },
    { provide: StoreHealth, useFactory: healthOf, inject: [PrismaClient] },
    {
      provide: PrismaTransactions,
      useFactory: (database: Database) => new PrismaTransactions(database.client, database.kind),
      inject: [DATABASE],
    },
    { provide: Transactions, useExisting: PrismaTransactions },
    {
      provide: DatabaseCloser,
      useFactory: (database: Database) => new DatabaseCloser(database),
      inject: [DATABASE],
    },
    ClockWatch,
  ],
  exports: [PrismaClient, PrismaTransactions, StoreHealth, Transactions],
})
export class PrismaModule {}
