import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { TelemetryRepository } from './telemetry.repository.js';

/** Flag key, then environment id, to when the flag was last evaluated there. Flags never evaluated are absent. */
export type LastEvaluations = ReadonlyMap<string, ReadonlyMap<string, Date>>;

/** Answers other modules' questions about how flags are used. */
@Injectable()
export class UsageReader {
  constructor(private readonly telemetry: TelemetryRepository) {}

  /** When flags were last evaluated, as far as reports tell. */
  async lastEvaluations(
    tx: Transaction,
    environmentIds: readonly string[],
    flagKeys: readonly string[],
  ): Promise<LastEvaluations> {
    const found = new Map<string, Map<string, Date>>();
    for (const each of await this.telemetry.listLastEvaluated(tx, environmentIds, flagKeys)) {
      const ofFlag = found.get(each.flagKey) ?? new Map<string, Date>();
      found.set(each.flagKey, ofFlag.set(each.environmentId, each.lastAt));
    }
    return found;
  }
}
