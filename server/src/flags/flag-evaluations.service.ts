import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';

/** How a module that hears of evaluations answers for them. */
type EvaluationSource = (
  tx: Transaction,
  environmentIds: readonly string[],
  flagKeys: readonly string[],
) => Promise<ReadonlyMap<string, Date>>;

/** Where a module that hears of evaluations says so. Flags know nothing of it. */
@Injectable()
export class FlagEvaluations {
  private readonly sources: EvaluationSource[] = [];

  register(source: EvaluationSource): void {
    this.sources.push(source);
  }

  /**
   * When flags were last evaluated in any of the environments, by key; who never was, as far as is known, is absent. In
   * one question, however many.
   */
  async last(
    tx: Transaction,
    environmentIds: readonly string[],
    flagKeys: readonly string[],
  ): Promise<ReadonlyMap<string, Date>> {
    const latest = new Map<string, Date>();
    for (const source of this.sources) {
      for (const [key, at] of await source(tx, environmentIds, flagKeys)) {
        const known = latest.get(key);
        if (known === undefined || known < at) latest.set(key, at);
      }
    }
    return latest;
  }
}
