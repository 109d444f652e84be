import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Transactions } from '../kernel/transactions.js';
import { Metrics, type Sample, sample } from '../platform/metrics/metrics.js';
import { Tally } from '../platform/metrics/tally.js';
import { CHECK_OUTCOMES, type CheckOutcome, GUARDRAIL_STATES } from './guardrail-state.js';
import { GuardrailsRepository } from './guardrails.repository.js';

/** How guardrails stand, and whether anybody checks those that are due. */
@Injectable()
export class GuardrailMetrics {
  private readonly checks = new Tally(CHECK_OUTCOMES.map((outcome) => ({ outcome })));

  constructor(
    metrics: Metrics,
    private readonly transactions: Transactions,
    private readonly guardrails: GuardrailsRepository,
    private readonly clock: Clock,
  ) {
    metrics.add(
      {
        sluice_guardrail_checks_total: {
          type: 'counter',
          help: 'Checks of this replica by what they found; couldNotAsk says nothing about the system watched.',
        },
      },
      () => ({ sluice_guardrail_checks_total: this.checks.samples() }),
    );
    metrics.add(
      {
        sluice_guardrails: {
          type: 'gauge',
          help: 'Guardrails of all projects by how they stand; the same from every replica.',
        },
        sluice_guardrail_overdue_seconds: {
          type: 'gauge',
          help: 'How long the first of them has been due to be checked; 0 when none is; the same from every replica.',
        },
      },
      () => this.readStates(),
    );
  }

  /** Counts what a check found; undefined: there was none. */
  count(outcome: CheckOutcome | undefined): void {
    if (outcome !== undefined) this.checks.cell({ outcome }).count += 1;
  }

  private async readStates(): Promise<Record<string, readonly Sample[]>> {
    const found = await this.transactions.read((tx) => this.guardrails.countStates(tx));
    const now = this.clock.now().getTime();
    const lateMs = Math.max(0, ...found.map(({ firstDueAt }) => now - (firstDueAt?.getTime() ?? now)));
    const states = new Tally(GUARDRAIL_STATES.map((state) => ({ state })));
    for (const { state, count } of found) states.cell({ state }).count += count;
    return { sluice_guardrails: states.samples(), sluice_guardrail_overdue_seconds: [sample(lateMs / 1_000)] };
  }
}
