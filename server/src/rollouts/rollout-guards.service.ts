import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import type { Rollout, RoutedTraffic } from './rollout.js';

/** How far a share has come with routers that are no SDK. */
export interface TrafficReach {
  /** What keeps it from having arrived, for people; undefined when it has. */
  readonly lacks: string | undefined;
  /** What they counted, for every service of the rollout that they route. */
  readonly traffic: readonly RoutedTraffic[];
}

type FindTraffic = (tx: Transaction, rollout: Rollout) => Promise<TrafficReach>;

/** Names of broken guardrails that hold the rollouts of an environment. */
type FindBroken = (tx: Transaction, environmentId: string) => Promise<readonly string[]>;

/** Where modules say what keeps a rollout from moving. Rollouts know nothing of those modules. */
@Injectable()
export class RolloutGuards {
  private readonly traffic: FindTraffic[] = [];
  private readonly broken: FindBroken[] = [];

  registerTraffic(find: FindTraffic): void {
    this.traffic.push(find);
  }

  registerGuardrails(find: FindBroken): void {
    this.broken.push(find);
  }

  async trafficReach(tx: Transaction, rollout: Rollout): Promise<TrafficReach> {
    const reaches: TrafficReach[] = [];
    for (const find of this.traffic) reaches.push(await find(tx, rollout));
    const lacks = reaches.flatMap((reach) => (reach.lacks === undefined ? [] : [reach.lacks]));
    return {
      lacks: lacks.length === 0 ? undefined : lacks.join(' '),
      traffic: reaches.flatMap(({ traffic }) => traffic),
    };
  }

  async brokenGuardrails(tx: Transaction, environmentId: string): Promise<readonly string[]> {
    const names: string[] = [];
    for (const find of this.broken) names.push(...(await find(tx, environmentId)));
    return names;
  }
}
