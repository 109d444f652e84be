import { Injectable, Logger } from '@nestjs/common';
import { ServicesReader } from '../deployments/index.js';
import { EventLog } from '../events/index.js';
import { Clock } from '../kernel/clock.js';
import { SluiceError } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { type Environment, ProjectsReader } from '../projects/index.js';
import type { ArmPlan } from './arms.js';
import { concernOf, isIdle, planRoute, type RouteSituation, standingAfter, withVerdict } from './follow-route.js';
import type { RouteStanding } from './route-standing.js';
import { type RoutedService, routeName, type TrafficTarget } from './traffic-routes.provider.js';
import { TrafficShifts } from './traffic-shifts.service.js';
import { type RouteClaim, TrafficStandingsRepository } from './traffic-standings.repository.js';
import type { ShiftMark } from './verify-share.js';

/** Longer than most shifts take. One that takes longer is begun by another replica, and what it says then is lost. */
const CLAIM_MS = 15_000;

const SYSTEM: RequestContext = {
  actor: { kind: 'system', id: 'traffic-follower', name: 'Traffic follower' },
  requestId: 'traffic-follower',
  traceparent: undefined,
  scope: 'instance',
};

/** A route as it stands in the store. */
interface Seen extends RouteSituation {
  readonly environment: Environment;
}

/**
 * Brings routers to what the store says. Programs are asked outside of transactions, because they may take their time;
 * a claim in the store keeps other replicas from moving the same route meanwhile.
 *
 * A candidate that loses all its servers in the middle of a ramp keeps its share: what its users get then is the
 * router's to decide, errors or the other arm, and evidence to judge. Nothing is raised while the counters differ.
 */
@Injectable()
export class TrafficFollower {
  private readonly logger = new Logger(TrafficFollower.name);

  // Seven: it stands between the store, the programs and whoever is to hear of them.
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly services: ServicesReader,
    private readonly standings: TrafficStandingsRepository,
    private readonly shifts: TrafficShifts,
    private readonly events: EventLog,
    private readonly clock: Clock,
  ) {}

  /** Looks at a route and moves its traffic when it is not as it should be. Answers the environment's id, if it is there. */
  async follow(service: RoutedService): Promise<string | undefined> {
    const seen = await this.transactions.read((tx) => this.see(tx, service));
    if (seen === undefined) return undefined;
    const { id } = seen.environment;
    if (isIdle(seen, await this.shifts.asked(service.target))) return id;
    const claimed = await this.claim(service);
    if (claimed === undefined) return id;
    try {
      await this.move(service.target, claimed);
    } catch (error) {
      await this.transactions.run((tx) => this.standings.release(tx, claimed.claim, this.clock.now()));
      throw error;
    }
    return id;
  }

  private async move(target: TrafficTarget, { seen, claim }: { seen: Seen; claim: RouteClaim }): Promise<void> {
    const plan = planRoute(
      seen,
      seen.standing?.arms === undefined || seen.standing.arms === null ? await this.shifts.asked(target) : undefined,
    );
    const applied = await this.shifts.bring(target, plan.share, plan.home, { placement: plan });
    if (applied.kind === 'noRoute') return;
    const has = await this.shifts.asked(target);
    const after = standingAfter(seen, { plan, applied, has, now: this.clock.now() });
    const fresh = 'mark' in applied ? applied.mark : undefined;
    await this.settle({ target, seen, claim, plan }, await this.verified(target, seen, { after, fresh }));
  }

  /** Only a ramp asks for what happened. */
  private async verified(
    target: TrafficTarget,
    { traffic, standing: before }: Seen,
    { after, fresh }: { after: RouteStanding; fresh: ShiftMark | undefined },
  ): Promise<RouteStanding> {
    if (traffic.candidate === null || after.mark === null) return after;
    const verdict = await this.shifts.verify(target, after.mark);
    return 'requests' in verdict ? withVerdict(before, after, verdict, fresh) : after;
  }

  private async settle(
    { target, seen, claim, plan }: { target: TrafficTarget; seen: Seen; claim: RouteClaim; plan: ArmPlan },
    after: RouteStanding,
  ): Promise<void> {
    const concern = concernOf(seen.standing, after, plan);
    const isSettled = await this.transactions.run(async (tx) => {
      const now = this.clock.now();
      if (!(await this.standings.settle(tx, claim, after, now))) return false;
      if (concern === 'alarm') await this.tell(tx, target, { seen, after, plan });
      return true;
    });
    if (!isSettled || concern === 'none') return;
    const facts = { ...target, asked: plan.share, has: after.share, ...after.outcome };
    if (concern === 'alarm') this.logger.error(facts, 'Traffic cannot go back to the stable version; trying again.');
    else this.logger.warn(facts, 'Traffic was not shifted as asked; trying again.');
  }

  private async tell(
    tx: Transaction,
    { service }: TrafficTarget,
    { seen, after, plan }: { seen: Seen; after: RouteStanding; plan: ArmPlan },
  ): Promise<void> {
    const { id: environmentId, projectId, key: environment } = seen.environment;
    const shares = { home: plan.home, candidateArmShare: after.share, candidateArmShareAsked: plan.share };
    await this.events.append(tx, {
      projectId,
      environmentId,
      type: 'dev.sluice.traffic.refused',
      subject: `service/${service}`,
      data: { environment, stable: seen.traffic.stable.version, ...shares, ...after.outcome },
      at: this.clock.now(),
    });
  }

  private claim(service: RoutedService): Promise<{ seen: Seen; claim: RouteClaim } | undefined> {
    const now = this.clock.now();
    const until = new Date(now.getTime() + CLAIM_MS);
    return this.transactions.run(async (tx) => {
      const claim = await this.standings.claim(tx, routeName(service.target), { now, until });
      // Read once more: what was seen before the claim may have moved.
      const seen = claim === null ? undefined : await this.see(tx, service);
      return claim === null || seen === undefined ? undefined : { seen, claim };
    });
  }

  /** Undefined while there is nothing to follow. */
  private async see(tx: Transaction, { target, afterRelease }: RoutedService): Promise<Seen | undefined> {
    const environment = await this.environmentOf(tx, target);
    if (environment === undefined) return undefined;
    const all = await this.services.trafficOf(tx, environment.id);
    const traffic = all.find(({ service }) => service === target.service);
    if (traffic === undefined) return undefined;
    const standing = await this.standings.find(tx, routeName(target));
    const mayReturn = afterRelease === 'return' && standing?.home === 'candidate' && traffic.candidate === null;
    const isBack = mayReturn && !(await this.services.hasOtherVersions(tx, traffic, traffic.stable.version));
    return { environment, traffic, standing, isBack };
  }

  private async environmentOf(tx: Transaction, target: TrafficTarget): Promise<Environment | undefined> {
    try {
      return await this.projects.environment(tx, SYSTEM, target.project, target.environment);
    } catch (error) {
      if (error instanceof SluiceError && error.kind === 'notFound') return undefined;
      throw error;
    }
  }
}
