import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { type BrokenGuardrail, type Guardrail, obstacleOf } from './guardrail.js';
import type { GuardrailState } from './guardrail-state.js';
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

  /** The guardrails of environments that are broken, acknowledged or not, and how many stand in each way. */
  async alarms(tx: Transaction, environmentIds: readonly string[]): Promise<GuardrailAlarms> {
    const broken = await this.guardrails.listInState(tx, environmentIds, ['broken', 'acknowledged']);
    return { broken, counts: await this.guardrails.countByState(tx, environmentIds) };
  }
}

/** What guardrails cry out. */
export interface GuardrailAlarms {
  /** In order of key. */
  readonly broken: readonly Pick<
    Guardrail,
    'environmentId' | 'key' | 'name' | 'state' | 'reason' | 'changedAt' | 'onBroken'
  >[];
  readonly counts: Readonly<Record<GuardrailState, number>>;
}
