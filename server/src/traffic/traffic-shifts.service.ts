import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { invalid } from '../kernel/errors.js';
import { isShare } from '../kernel/share.js';
import { NginxRouter } from './nginx-router.adapter.js';
import type { Arm, ShiftOptions, ShiftOutcome } from './traffic-router.js';
import { type RoutedService, TrafficRoutes, type TrafficTarget } from './traffic-routes.provider.js';
import { toUnreachable } from './unreachable.js';
import { countsSince, type ShareVerdict, type ShiftMark, verifyShare } from './verify-share.js';
import { wayBack } from './way-back.js';

/** No route is configured for this service: its traffic is moved by the SDK alone. */
export interface NoRoute {
  readonly kind: 'noRoute';
}

export type Applied = NoRoute | (ShiftOutcome & { readonly mark?: ShiftMark });

export type Verified =
  | NoRoute
  | ShareVerdict
  /** The router has another share than the one to verify: it restarted without it, or somebody moved it. */
  | { readonly kind: 'moved'; readonly share: number | undefined }
  /** The router counts no requests: whether the share is what happens cannot be known from it. */
  | { readonly kind: 'uncounted' }
  | { readonly kind: 'unreachable'; readonly sentence: string };

/** The entry point for whoever moves traffic: releases by their steps, and nobody by hand. */
@Injectable()
export class TrafficShifts implements OnApplicationBootstrap {
  private readonly logger = new Logger(TrafficShifts.name);
  private readonly shifting = new Map<RoutedService, Promise<unknown>>();

  constructor(private readonly routes: TrafficRoutes) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const { router, target } of this.routes.services) {
      if (!(router instanceof NginxRouter)) continue;
      await router.writeFirst().catch((error: unknown) => {
        this.logger.error({ err: error, ...target }, 'The first split file for nginx cannot be written.');
      });
    }
  }

  /**
   * Moves a service's traffic to a share, if the arm that receives it can take it. Shifts of one service wait for each
   * other; the caller keeps replicas from shifting the same service at once. Asking again is always safe. Where the
   * share is in place, the answer carries the mark that `verify` takes, if the router counts requests.
   */
  async apply(target: TrafficTarget, share: number, options: ShiftOptions = {}): Promise<Applied> {
    if (!isShare(share)) throw invalid('SHARE_INVALID', `${share} is no share: use an integer from 0 to 100000.`);
    const service = this.routes.find(target);
    if (!service) return { kind: 'noRoute' };
    const before = this.shifting.get(service) ?? Promise.resolve();
    const applied = before.then(() => this.shift(service, share, options));
    const settled = applied.catch(() => undefined);
    this.shifting.set(service, settled);
    return applied;
  }

  /**
   * As `apply`; but traffic that goes home, and that home cannot take all of, goes home as far as home can take it. Then
   * the answer is a refusal still: ask again.
   */
  async bring(target: TrafficTarget, share: number, home: Arm, options: ShiftOptions = {}): Promise<Applied> {
    const applied = await this.apply(target, share, options);
    const router = this.routes.find(target)?.router;
    if (router === undefined || applied.kind !== 'refused' || applied.code !== 'NO_CAPACITY') return applied;
    try {
      const [now, capacity] = [await router.asked(), await router.capacity()];
      const way = wayBack({ now, share, home, capacity });
      if (way === undefined) return applied;
      const moved = await this.apply(target, way.share, { ...options, ...way });
      return way.share === share || moved.kind !== 'shifted'
        ? moved
        : { ...applied, sentence: partly(applied.sentence) };
    } catch (error) {
      return toUnreachable(error);
    }
  }

  /** The share that a service's router has now; undefined where that cannot be said. */
  async asked(target: TrafficTarget): Promise<number | undefined> {
    return this.routes
      .find(target)
      ?.router.asked()
      .catch((error: unknown) => void toUnreachable(error));
  }

  /** Compares what happened since a mark with the share that was asked for then. */
  async verify(target: TrafficTarget, since: ShiftMark): Promise<Verified> {
    const service = this.routes.find(target);
    if (!service) return { kind: 'noRoute' };
    try {
      const { router, requestsPerKey } = service;
      const share = await router.asked();
      if (share !== since.share) return { kind: 'moved', share };
      const counts = await router.counts();
      if (counts === undefined) return { kind: 'uncounted' };
      return verifyShare(countsSince(since.counts, counts), share, requestsPerKey);
    } catch (error) {
      return toUnreachable(error);
    }
  }

  private async shift({ router, target }: RoutedService, share: number, options: ShiftOptions): Promise<Applied> {
    const outcome = await router.shift(share, options);
    if (outcome.kind === 'shifted') this.logger.log({ ...target, asked: share, ...outcome }, 'Traffic was shifted.');
    if (outcome.kind !== 'shifted' && outcome.kind !== 'unchanged') return outcome;
    const counts = await router.counts().catch(() => undefined);
    return counts ? { ...outcome, mark: { share: outcome.share, counts } } : outcome;
  }
}

function partly(refusal: string): string {
  return refusal.replace('Nothing was moved.', 'As much as it can take was moved.');
}
