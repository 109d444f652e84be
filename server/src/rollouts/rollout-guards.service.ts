import { Injectable } from '@nestjs/common';
import { coversAny, GuardrailsReader } from '../guardrails/index.js';
import type { Transaction } from '../kernel/transactions.js';
import { subjectOf } from './ramp-target.js';
import type { Rollout, TrafficReach } from './rollout.js';

type FindTraffic = (tx: Transaction, rollout: Rollout) => Promise<TrafficReach>;

/** What keeps a rollout from moving: broken guardrails, and routers, who say so here. Rollouts know nothing of those. */
@Injectable()
export class RolloutGuards {
  private readonly traffic: FindTraffic[] = [];

  constructor(private readonly guardrails: GuardrailsReader) {}

  registerTraffic(find: FindTraffic): void {
    this.traffic.push(find);
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

  /** By rollout, the broken guardrails that cover anything it moves, each with what was found. */
  async brokenGuardrails(
    tx: Transaction,
    rollouts: readonly Pick<Rollout, 'id' | 'environmentId' | 'targets'>[],
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const environments = new Set(rollouts.map(({ environmentId }) => environmentId));
    const broken = await this.guardrails.broken(tx, [...environments]);
    return new Map(
      rollouts.map(({ id, environmentId, targets }) => {
        const subjects = targets.map(subjectOf);
        const covering = (broken.get(environmentId) ?? []).filter(({ covers }) => coversAny(covers, subjects));
        return [id, covering.map(describeBroken)];
      }),
    );
  }
}

function describeBroken({ name, sentence }: { readonly name: string; readonly sentence: string }): string {
  return `${name} (${sentence.replace(/\.$/u, '')})`;
}
