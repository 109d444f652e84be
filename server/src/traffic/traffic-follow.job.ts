import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Bus } from '../platform/bus/bus.js';
import { Sweep } from '../platform/jobs/sweep.js';
import { ENVIRONMENT_CHANGED } from '../projects/index.js';
import { TrafficFollower } from './traffic-follower.service.js';
import { type RoutedService, routeName, TrafficRoutes } from './traffic-routes.provider.js';

/** How long a router may have another share than the store says, when nobody told of a change. */
const SWEEP_MS = 2_000;

/** A route, and the sweep that follows it: each its own, so that a program that hangs delays no other. */
interface FollowedRoute {
  readonly sweep: Sweep;
  /** Undefined until it is known. */
  environmentId: string | undefined;
}

/** Wakes the follower of each route when its environment has changed, and every other second. */
@Injectable()
export class TrafficFollowJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly followed: readonly FollowedRoute[];
  private unsubscribe: () => void = () => undefined;

  constructor(
    routes: TrafficRoutes,
    follower: TrafficFollower,
    private readonly bus: Bus,
  ) {
    this.followed = routes.services.map((service) => followedRoute(service, follower));
  }

  onApplicationBootstrap(): void {
    this.unsubscribe = this.bus.subscribe(ENVIRONMENT_CHANGED, ({ environmentId }) => {
      for (const route of this.followed) {
        if ((route.environmentId ?? environmentId) === environmentId) route.sweep.wake();
      }
    });
    for (const { sweep } of this.followed) {
      sweep.start();
      sweep.wake();
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.unsubscribe();
    await Promise.all(this.followed.map(({ sweep }) => sweep.stop()));
  }
}

function followedRoute(service: RoutedService, follower: TrafficFollower): FollowedRoute {
  const work = async (): Promise<void> => {
    route.environmentId = (await follower.follow(service)) ?? route.environmentId;
  };
  const what = `Following the traffic of ${routeName(service.target)}`;
  const route: FollowedRoute = { sweep: new Sweep(work, { everyMs: SWEEP_MS, what }), environmentId: undefined };
  return route;
}
