import { setTimeout as sleep } from 'node:timers/promises';
import { isLive } from '../../deployments/index.js';
import { FULL_SHARE } from '../../kernel/share.js';
import type { XdsRoute } from '../../platform/config/traffic.js';
import { capacityOf, refusalOf } from '../admit-shift.js';
import { routeName } from '../route-name.js';
import {
  type Arm,
  type ArmCounts,
  type ArmPlacement,
  type Capacity,
  type ServerState,
  type ShiftOptions,
  type ShiftOutcome,
  TrafficRouter,
} from '../traffic-router.js';
import { toUnreachable, unreachable } from '../unreachable.js';
import { confirmationOf, type Confirmation } from './route-audience.js';
import type { XdsRouteState } from './xds-route-state.js';
import type { StoredRoute } from './xds-catalog.service.js';
import type { XdsStates } from './xds-states.service.js';

const POLL_MS = 25;

/**
 * Moves traffic by telling the clients themselves: Envoy, and clients of gRPC that dial `xds:///<listener>`. What they
 * are told is kept in the store, so that every replica tells the same; a share is in place when every client that is
 * connected to any replica has taken it. Nobody connected is a program that does not answer: then traffic is not moved
 * away from the stable version, because nobody can say that it was, but home it is, for whoever connects next.
 */
export class XdsRouter extends TrafficRouter {
  private readonly name: string;

  constructor(
    private readonly route: XdsRoute,
    private readonly states: XdsStates,
  ) {
    super();
    this.name = routeName(route);
  }

  override async capacity(): Promise<Capacity> {
    const stored = await this.stored();
    return this.capacityFor(stored, stored.state);
  }

  override async shift(share: number, { isEmergency = false, placement }: ShiftOptions = {}): Promise<ShiftOutcome> {
    try {
      const stored = await this.stored();
      const { state } = stored;
      const wanted: XdsRouteState = { ...state, ...placementOf(placement ?? state), share };
      const confirmation = await this.confirmation(state.version);
      if (isSame(state, wanted)) {
        if (confirmation.kind === 'nobody') throw this.nobody();
        return await this.taken(state, { kind: 'unchanged', share });
      }
      const capacity = this.capacityFor(stored, wanted);
      const refusal = refusalOf({ now: state.share, share, capacity, rule: this.route.capacity, isEmergency });
      if (refusal) return refusal;
      const isRetreat = partOf(wanted, wanted.arms[wanted.home]) >= partOf(state, wanted.arms[wanted.home]);
      if (confirmation.kind === 'nobody' && !isRetreat) throw this.nobody();
      const next = await this.states.save(this.route, wanted);
      if (next === undefined) {
        const sentence = 'Somebody else moved the route at the same moment.';
        return { kind: 'unconfirmed', share, sentence };
      }
      if (confirmation.kind === 'nobody') return this.unheard(share);
      return await this.taken(next, { kind: 'shifted', from: state.share, share });
    } catch (error) {
      return toUnreachable(error);
    }
  }

  /** Undefined while clients differ. */
  override async asked(): Promise<number | undefined> {
    const { state } = await this.stored();
    const confirmation = await this.confirmation(state.version);
    if (confirmation.kind === 'nobody') throw this.nobody();
    return confirmation.kind === 'confirmed' ? state.share : undefined;
  }

  /** What clients reported of the generation that is in place: never requests that they sent before. */
  override async counts(): Promise<ArmCounts> {
    const { state } = await this.stored();
    if ((await this.confirmation(state.version)).kind === 'nobody') throw this.nobody();
    const loads = await this.states.loads(this.route, state.version);
    const of = (arm: Arm): number => loads.get(state.arms[arm] ?? '') ?? 0;
    return { stable: of('stable'), candidate: of('candidate'), began: `generation ${state.version}` };
  }

  private async stored(): Promise<StoredRoute> {
    const stored = await this.states.read(this.route);
    if (stored !== undefined) return stored;
    throw unreachable(`There is nothing to route for ${this.name}: no version was ever reported as installed there.`);
  }

  private async confirmation(version: number): Promise<Confirmation> {
    return confirmationOf(await this.states.audiences(this.route), version);
  }

  /** Waits until all clients have taken a state. */
  private async taken<Outcome extends ShiftOutcome & { readonly share: number }>(
    { version }: XdsRouteState,
    outcome: Outcome,
  ): Promise<ShiftOutcome> {
    const deadline = performance.now() + this.route.timeoutMs;
    for (;;) {
      const confirmation = await this.confirmation(version);
      if (confirmation.kind === 'confirmed') return outcome;
      if (confirmation.kind === 'nobody') return this.unheard(outcome.share);
      if (performance.now() > deadline) {
        return { kind: 'unconfirmed', share: outcome.share, sentence: confirmation.sentence };
      }
      await sleep(POLL_MS);
    }
  }

  private capacityFor({ instances }: StoredRoute, { arms }: ArmPlacement): Capacity {
    const now = this.states.now();
    const serversOf = (arm: Arm): readonly ServerState[] =>
      instances
        .filter(({ version }) => version === arms[arm])
        .map((instance) => {
          const isUp = isLive(instance, now);
          const says = isUp ? 'registered' : `not heard of since ${instance.leaseUntil.toISOString()}`;
          return { name: instance.id, weight: isUp ? instance.weight : 0, fullWeight: instance.weight, says };
        });
    return capacityOf(serversOf('stable'), serversOf('candidate'));
  }

  private nobody(): Error {
    return unreachable(`No xDS client of ${this.route.listener} is connected that could say where requests go.`);
  }

  private unheard(share: number): ShiftOutcome {
    const sentence = `No xDS client of ${this.route.listener} is connected; those that connect get the share at once.`;
    return { kind: 'unconfirmed', share, sentence };
  }
}

function placementOf({ arms, home }: ArmPlacement): ArmPlacement {
  return { arms: { stable: arms.stable, candidate: arms.candidate }, home };
}

function isSame(a: XdsRouteState, b: XdsRouteState): boolean {
  const areArmsSame = a.arms.stable === b.arms.stable && a.arms.candidate === b.arms.candidate;
  return a.share === b.share && a.home === b.home && areArmsSame;
}

/** What a version gets of all requests. */
function partOf({ arms, share }: XdsRouteState, version: string | null): number {
  return (arms.candidate === version ? share : 0) + (arms.stable === version ? FULL_SHARE - share : 0);
}
