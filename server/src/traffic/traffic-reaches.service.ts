import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ServicesReader } from '../deployments/index.js';
import { Clock } from '../kernel/clock.js';
import type { Transaction } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { type Rollout, RolloutGuards, type TrafficReach } from '../rollouts/index.js';
import { reachOf } from './route-standing.js';
import { routeName, TrafficRoutes, type TrafficTarget } from './traffic-routes.provider.js';
import { TrafficStandingsRepository } from './traffic-standings.repository.js';

const NOTHING: TrafficReach = { lacks: undefined, traffic: [] };

/** Tells rollouts how far their shares have come with routers: a step's clock does not begin before. */
@Injectable()
export class TrafficReaches implements OnModuleInit {
  constructor(
    private readonly guards: RolloutGuards,
    private readonly routes: TrafficRoutes,
    private readonly standings: TrafficStandingsRepository,
    private readonly projects: ProjectsReader,
    private readonly services: ServicesReader,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.guards.registerTraffic((tx, rollout) => this.reach(tx, rollout));
  }

  /** Of every service of a rollout that has a route; what the store keeps, so that every replica answers the same. */
  async reach(tx: Transaction, { environmentId, targets }: Rollout): Promise<TrafficReach> {
    const services = targets.flatMap((target) => (target.kind === 'service' ? [target.service] : []));
    if (services.length === 0 || this.routes.services.length === 0) return NOTHING;
    const environment = await this.projects.environmentById(tx, environmentId);
    if (environment === null) return NOTHING;
    const { projectKey: project, key } = environment;
    const routed = services
      .map((service): TrafficTarget => ({ project, environment: key, service }))
      .filter((target) => this.routes.find(target) !== undefined);
    const reaches: TrafficReach[] = [];
    for (const target of routed) reaches.push(await this.reachOf(tx, target, environmentId));
    const lacks = reaches.flatMap((reach) => reach.lacks ?? []);
    return {
      lacks: lacks.length === 0 ? undefined : lacks.join(' '),
      traffic: reaches.flatMap(({ traffic }) => traffic),
    };
  }

  private async reachOf(tx: Transaction, target: TrafficTarget, environmentId: string): Promise<TrafficReach> {
    const standing = await this.standings.find(tx, routeName(target));
    const all = await this.services.trafficOf(tx, environmentId);
    const follows = all.find(({ service }) => service === target.service)?.version ?? 0;
    return reachOf(target.service, standing, { follows, now: this.clock.now() });
  }
}
