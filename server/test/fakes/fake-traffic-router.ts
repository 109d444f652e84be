import { bucketOf } from '@sluice/sdk/evaluation';
import { FULL_SHARE } from '../../src/kernel/share.js';
import { capacityOf, refusalOf } from '../../src/traffic/admit-shift.js';
import {
  type Arm,
  type ArmCounts,
  type Capacity,
  type ServerState,
  type ShiftOptions,
  type ShiftOutcome,
  TrafficRouter,
} from '../../src/traffic/traffic-router.js';
import { toUnreachable, unreachable } from '../../src/traffic/unreachable.js';

/** A router in memory: two servers of stable, one of the candidate, every share exact. */
export class FakeTrafficRouter extends TrafficRouter {
  isReachable = true;
  isCounting = true;
  rule: 'any' | 'proportional' = 'any';
  /** Runs before every shift: to hold it up, or to fail it. */
  beforeShift: () => Promise<void> = () => Promise.resolve();
  share: number | undefined = 0;
  readonly isUp: Record<Arm, boolean> = { stable: true, candidate: true };
  private readonly requests: Record<Arm, number> = { stable: 0, candidate: 0 };

  override async capacity(): Promise<Capacity> {
    this.reach();
    const server = (arm: Arm): ServerState => {
      const isUp = this.isUp[arm];
      return { name: arm, weight: isUp ? 1 : 0, fullWeight: 1, says: isUp ? 'UP' : 'DOWN' };
    };
    return capacityOf([server('stable'), server('stable')], [server('candidate')]);
  }

  override async shift(share: number, { isEmergency = false }: ShiftOptions = {}): Promise<ShiftOutcome> {
    await this.beforeShift();
    try {
      const from = await this.asked();
      if (from === share) return { kind: 'unchanged', share };
      const capacity = await this.capacity();
      const refusal = refusalOf({ now: from, share, capacity, rule: this.rule, isEmergency });
      if (refusal) return refusal;
      this.share = share;
      return { kind: 'shifted', from, share };
    } catch (error) {
      return toUnreachable(error);
    }
  }

  override async asked(): Promise<number | undefined> {
    this.reach();
    return this.share;
  }

  override async counts(): Promise<ArmCounts | undefined> {
    this.reach();
    return this.isCounting ? { ...this.requests, began: 'at first' } : undefined;
  }

  /** Routes one request: a user by their bucket, nobody by a number from 0 to 1. */
  route(key: string | number): Arm {
    const bucket = typeof key === 'string' ? bucketOf('fake', key, FULL_SHARE) : Math.floor(key * FULL_SHARE);
    const arm = bucket < (this.share ?? 0) ? 'candidate' : 'stable';
    this.requests[arm] += 1;
    return arm;
  }

  private reach(): void {
    if (!this.isReachable) throw unreachable('The fake router was made unreachable.');
  }
}
