import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { Prisma } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';

/** Tables that are counted in by epochs. */
const EPOCH_TABLES = {
  totals: Prisma.sql`parallel_run_total`,
  signatures: Prisma.sql`parallel_run_signature`,
  shapes: Prisma.sql`parallel_run_shape`,
} as const;

export type EpochTable = keyof typeof EPOCH_TABLES;

/** Forgets what was compared when its time is over. */
@Injectable()
export class RunRetentionRepository {
  /**
   * Forgets up to so many rows that nothing was added to since a moment, of epochs that are over and of runs that are
   * gone; says how many. Rows that another replica forgets are left to it.
   */
  forgetEpochs(tx: Transaction, table: EpochTable, untouchedSince: Date, limit: number): Promise<number> {
    return clientOf(tx).$executeRaw`
      DELETE FROM ${EPOCH_TABLES[table]} WHERE ctid IN (
        SELECT counted.ctid FROM ${EPOCH_TABLES[table]} AS counted
        WHERE counted.last_at < ${untouchedSince}::timestamptz AND NOT EXISTS (
          SELECT FROM parallel_run_settings AS settings
          WHERE (settings.run_id, settings.environment_id, settings.epoch)
            = (counted.run_id, counted.environment_id, counted.epoch))
        ORDER BY counted.last_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
  }

  /**
   * Forgets up to so many sums of versions that nobody was heard to run since a moment, though their epoch goes on, but
   * for the newest of each candidate; says how many.
   */
  forgetVersions(tx: Transaction, untouchedSince: Date, limit: number): Promise<number> {
    return clientOf(tx).$executeRaw`
      DELETE FROM parallel_run_total WHERE ctid IN (
        SELECT counted.ctid FROM parallel_run_total AS counted
        WHERE counted.last_at < ${untouchedSince}::timestamptz AND EXISTS (
          SELECT FROM parallel_run_total AS newer
          WHERE (newer.environment_id, newer.run_id, newer.epoch, newer.candidate)
            = (counted.environment_id, counted.run_id, counted.epoch, counted.candidate)
            AND newer.first_at > counted.first_at)
        ORDER BY counted.last_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
  }

  /** Forgets up to so many minutes of before a moment; says how many. */
  forgetMinutes(tx: Transaction, before: Date, limit: number): Promise<number> {
    return clientOf(tx).$executeRaw`
      DELETE FROM parallel_run_minute WHERE ctid IN (
        SELECT ctid FROM parallel_run_minute
        WHERE minute < ${before}::timestamptz
        ORDER BY minute LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
  }
}
