import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { type BrokenGuardrail, obstacleOf } from './guardrail.js';
import { GuardrailsRepository } from './guardrails.repository.js';

/** Answers other modules' questions about guardrails. */
@Injectable()
export class GuardrailsReader {
  constructor(private readonly guardrails: GuardrailsRepository) {}

  /**
   * The broken guardrails that rollouts must wait for, by environment and there in order of key; see `coversAny`.
   * Environments that have none are absent.
   */
  async broken(
    tx: Transaction,
    environmentIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly BrokenGuardrail[]>> {
    const broken = await this.guardrails.listInState(tx, environmentIds, ['broken', 'acknowledged']);
    const found = new Map<string, BrokenGuardrail[]>();
    for (const guardrail of broken) {
      const obstacle = obstacleOf(guardrail);
      if (obstacle === undefined) continue;
      found.set(guardrail.environmentId, [...(found.get(guardrail.environmentId) ?? []), obstacle]);
    }
    return found;
  }
}
