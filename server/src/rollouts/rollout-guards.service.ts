import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import type { Rollout } from './rollout.js';

/** Asks whether a share has really been taken by a router that is no SDK; a sentence says what it lacks. */
type FindLack = (rollout: Rollout) => string | undefined;

/** Names of broken guardrails that hold the rollouts of an environment. */
type FindBroken = (tx: Transaction, environmentId: string) => Promise<readonly string[]>;

/** Where modules say what keeps a rollout from moving. Rollouts know nothing of those modules. */
@Injectable()
export class RolloutGuards {
  private readonly lacks: FindLack[] = [];
  private readonly broken: FindBroken[] = [];

  registerTraffic(find: FindLack): void {
    this.lacks.push(find);
  }

  registerGuardrails(find: FindBroken): void {
    this.broken.push(find);
  }

  trafficLacks(rollout: Rollout): string | undefined {
    for (const find of this.lacks) {
      const lack = find(rollout);
      if (lack !== undefined) return lack;
    }
    return undefined;
  }

  async brokenGuardrails(tx: Transaction, environmentId: string): Promise<readonly string[]> {
    const names: string[] = [];
    for (const find of this.broken) names.push(...(await find(tx, environmentId)));
    return names;
  }
}
