import { Injectable } from '@nestjs/common';
import { ServicesReader } from '../deployments/index.js';
import { isInScope, type RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { type RouteView, toRouteView } from './route-view.js';
import { routeName, TrafficRoutes } from './traffic-routes.provider.js';
import { TrafficStandingsRepository } from './traffic-standings.repository.js';

/** Shows where routers stand, within what the caller may see. */
@Injectable()
export class TrafficViews {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly services: ServicesReader,
    private readonly routes: TrafficRoutes,
    private readonly standings: TrafficStandingsRepository,
  ) {}

  /** The routes of a project; of one environment only, for a caller who is bound to it. */
  list(ctx: RequestContext, projectKey: string): Promise<readonly RouteView[]> {
    return this.transactions.read(async (tx) => {
      const project = await this.projects.project(tx, ctx, projectKey);
      const views: RouteView[] = [];
      for (const { id, key } of await this.projects.environmentsOf(tx, project.id)) {
        if (!isInScope(ctx, project.id, id)) continue;
        const here = this.routes.services.filter(
          ({ target }) => target.project === project.key && target.environment === key,
        );
        const all = here.length === 0 ? [] : await this.services.trafficOf(tx, id);
        for (const { target } of here) {
          const follows = all.find(({ service }) => service === target.service)?.version;
          views.push(toRouteView(target, await this.standings.find(tx, routeName(target)), follows));
        }
      }
      return views;
    });
  }
}
