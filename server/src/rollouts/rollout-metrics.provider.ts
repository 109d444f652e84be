import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Transactions } from '../kernel/transactions.js';
import { Metrics, type Sample, sample } from '../platform/metrics/metrics.js';
import { Tally } from '../platform/metrics/tally.js';
import type { Ticked } from './rollout-engine.service.js';
import type { Ramp } from './rollout.js';
import { RolloutsRepository } from './rollouts.repository.js';

const MOVES: readonly Ticked['move'][] = ['wait', 'watch', 'advance', 'bake', 'release', 'rollBack'];
const STATES: readonly Ticked['state'][] = ['pass', 'fail', 'inconclusive', 'pending', 'error'];
const PHASES: readonly Ramp['phase'][] = ['reaching', 'watching', 'baking'];

/** How rollouts go: what ticks decide, and whether anybody looks at those that are due. */
@Injectable()
export class RolloutMetrics {
  private readonly moves = new Tally(MOVES.map((move) => ({ move })));
  private readonly verdicts = new Tally(STATES.map((state) => ({ state })));

  constructor(
    metrics: Metrics,
    private readonly transactions: Transactions,
    private readonly rollouts: RolloutsRepository,
    private readonly clock: Clock,
  ) {
    metrics.add(
      {
        sluice_rollout_ticks_total: {
          type: 'counter',
          help: 'Looks of this replica at running rollouts that were stored, by the move they made.',
        },
        sluice_rollout_verdicts_total: {
          type: 'counter',
          help: 'What those looks judged. An error is a measurement that could not be taken, not a bad one.',
        },
      },
      () => ({
        sluice_rollout_ticks_total: this.moves.samples(),
        sluice_rollout_verdicts_total: this.verdicts.samples(),
      }),
    );
    metrics.add(
      {
        sluice_rollouts_running: {
          type: 'gauge',
          help: 'Running rollouts by phase, and whether a person paused them; the same from every replica.',
        },
        sluice_rollout_overdue_seconds: {
          type: 'gauge',
          help: 'How long the first of them has been due to be looked at; 0 when none is; the same from every replica.',
        },
      },
      () => this.readRunning(),
    );
  }

  /** Counts what came of a tick; undefined: nothing did. */
  count(ticked: Ticked | undefined): void {
    if (ticked === undefined) return;
    this.moves.cell({ move: ticked.move }).count += 1;
    this.verdicts.cell({ state: ticked.state }).count += 1;
  }

  private async readRunning(): Promise<Record<string, readonly Sample[]>> {
    const running = await this.transactions.read((tx) => this.rollouts.countRunning(tx));
    const now = this.clock.now().getTime();
    const lateMs = Math.max(0, ...running.map(({ firstDueAt }) => now - firstDueAt.getTime()));
    const counts = new Tally(PHASES.flatMap((phase) => ['true', 'false'].map((paused) => ({ phase, paused }))));
    for (const { phase, isPaused, count } of running) counts.cell({ phase, paused: String(isPaused) }).count += count;
    return { sluice_rollouts_running: counts.samples(), sluice_rollout_overdue_seconds: [sample(lateMs / 1_000)] };
  }
}
