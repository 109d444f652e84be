import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { invalid } from '../kernel/errors.js';
import { isShare } from '../kernel/share.js';
import { NginxRouter } from './nginx-router.adapter.js';
import type { ArmCounts, ShiftOptions, ShiftOutcome } from './traffic-router.js';
import { type RoutedService, TrafficRoutes, type TrafficTarget } from './traffic-routes.provider.js';
import { toUnreachable } from './unreachable.js';
import { countsSince, type ShareVerdict, verifyShare } from './verify-share.js';

/** From when on a share is verified: what the router had, and its counters. Plain data, to be kept with a step. */
export interface ShiftMark {
  readonly share: number;
  readonly counts: ArmCounts;
}

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
   * share is in place, the answer carries the mark that `verify` takes.
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

  /** Compares what happened since a mark with the share that was asked for then. */
  async verify(target: TrafficTarget, since: ShiftMark): Promise<Verified> {
    const service = this.routes.find(target);
    if (!service) return { kind: 'noRoute' };
    try {
      const { router, requestsPerKey } = service;
      const share = await router.asked();
      if (share !== since.share) return { kind: 'moved', share };
      return verifyShare(countsSince(since.counts, await router.counts()), share, requestsPerKey);
    } catch (error) {
      return toUnreachable(error);
    }
  }

  private async shift({ router, target }: RoutedService, share: number, options: ShiftOptions): Promise<Applied> {
    const outcome = await router.shift(share, options);
    if (outcome.kind === 'shifted') this.logger.log({ ...target, asked: share, ...outcome }, 'Traffic was shifted.');
    if (outcome.kind !== 'shifted' && outcome.kind !== 'unchanged') {
      this.logger.warn({ ...target, asked: share, ...outcome }, 'Traffic was not shifted as asked.');
      return outcome;
    }
    const counts = await router.counts().catch(() => undefined);
    return counts ? { ...outcome, mark: { share: outcome.share, counts } } : outcome;
  }
}
