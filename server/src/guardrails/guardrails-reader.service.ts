import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { type BrokenGuardrail, obstacleOf } from './guardrail.js';
import { GuardrailsRepository } from './guardrails.repository.js';

/** Answers other modules' questions about guardrails. */
@Injectable()
export class GuardrailsReader {
  constructor(private readonly guardrails: GuardrailsRepository) {}

  /** The broken guardrails of an environment that rollouts must wait for, in order of key; see `coversAny`. */
  async broken(tx: Transaction, environmentId: string): Promise<readonly BrokenGuardrail[]> {
    const broken = await this.guardrails.listInState(tx, environmentId, ['broken', 'acknowledged']);
    return broken.flatMap((guardrail) => obstacleOf(guardrail) ?? []);
  }
}
