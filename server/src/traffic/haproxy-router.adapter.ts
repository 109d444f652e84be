import type { HaproxyRoute } from '../platform/config/traffic.js';
import { capacityOf, refusalOf } from './admit-shift.js';
import { readText, replaceText } from './atomic-file.adapter.js';
import { haproxyCounts, haproxyServers, haproxyShare } from './haproxy-answer.js';
import { HaproxyRuntime } from './haproxy-runtime.adapter.js';
import {
  type ArmCounts,
  type Capacity,
  type ShiftOptions,
  type ShiftOutcome,
  TrafficRouter,
} from './traffic-router.js';
import { toUnreachable, unreachable } from './unreachable.js';

/**
 * Moves traffic through a map of HAProxy (2.4 or later), whose value haproxy.cfg compares with a bucket from 0 to
 * 99 999 of each request: every share is exact, and applies from the next request on, without a reload. Weights of
 * servers stay the operator's. For a service `checkout`:
 *
 *     http-request set-var(txn.bucket) rand(100000)
 *     http-request set-var(txn.bucket) req.hdr(x-sluice-key),xxh32(7),mod(100000) if { req.hdr(x-sluice-key) -m found }
 *     http-request set-var(txn.share) str(checkout),map_str_int(/etc/haproxy/sluice-checkout.map,0)
 *     use_backend checkout_candidate if { var(txn.bucket),sub(txn.share) -m int lt 0 }
 *     default_backend checkout_stable
 *
 * A user's bucket never changes, so a growing share drops nobody. Give each service its own seed of xxh32, or the same
 * users go first everywhere. These buckets are not the SDK's (HAProxy has no murmur3): do not split one service by both.
 */
export class HaproxyRouter extends TrafficRouter {
  private readonly runtime: HaproxyRuntime;

  constructor(private readonly route: HaproxyRoute) {
    super();
    this.runtime = new HaproxyRuntime(route.socket, route.timeoutMs);
  }

  override async capacity(): Promise<Capacity> {
    const answer = await this.runtime.ask('show stat');
    const [stable, candidate] = [this.route.stable, this.route.candidate].map((backend) => {
      const servers = haproxyServers(answer, backend);
      if (servers === undefined) throw unreachable(`HAProxy at ${this.route.socket} has no backend "${backend}".`);
      return servers;
    });
    return capacityOf(stable ?? [], candidate ?? []);
  }

  override async shift(share: number, { isEmergency = false }: ShiftOptions = {}): Promise<ShiftOutcome> {
    try {
      const now = await this.asked();
      if (now === share) return await this.kept({ kind: 'unchanged', share });
      const capacity = await this.capacity();
      const refusal = refusalOf({ now, share, capacity, rule: this.route.capacity, isEmergency });
      if (refusal) return refusal;
      return await this.set(share, now);
    } catch (error) {
      return toUnreachable(error);
    }
  }

  override async asked(): Promise<number | undefined> {
    const answer = await this.runtime.ask(`get map ${this.route.map} ${this.route.key}`);
    const share = haproxyShare(answer);
    if (share === undefined) throw unreachable(`HAProxy does not show the map ${this.route.map}: ${answer}`);
    return share === 'none' ? undefined : share;
  }

  override async counts(): Promise<ArmCounts> {
    const answer = await this.runtime.ask('show info;show stat');
    const counts = haproxyCounts(answer, this.route.stable, this.route.candidate);
    if (!counts) throw unreachable(`HAProxy at ${this.route.socket} has no counters of these two backends.`);
    return counts;
  }

  private async set(share: number, from: number | undefined): Promise<ShiftOutcome> {
    const { map, key } = this.route;
    const told = await this.runtime.ask(`set map ${map} ${key} ${share}`);
    const isNew = told.startsWith('entry not found');
    const complaint = isNew ? await this.runtime.ask(`add map ${map} ${key} ${share}`) : told;
    if (complaint !== '') {
      return { kind: 'refused', code: 'CONFIG_REJECTED', sentence: `HAProxy does not take the share: ${complaint}` };
    }
    const now = await this.asked().catch(() => undefined);
    if (now !== share) {
      const sentence = `HAProxy took the share ${share}, and answered ${now ?? 'nothing'} when asked for it.`;
      return { kind: 'unconfirmed', share, sentence };
    }
    return this.kept({ kind: 'shifted', from, share });
  }

  /** Writes the map's file behind the map, so that a restart of HAProxy begins with the share it has now. */
  private async kept(outcome: Extract<ShiftOutcome, { kind: 'shifted' | 'unchanged' }>): Promise<ShiftOutcome> {
    const { mapFile, key } = this.route;
    if (mapFile === undefined) return outcome;
    const text = `${key} ${outcome.share}\n`;
    try {
      if ((await readText(mapFile)) !== text) await replaceText(mapFile, text);
      return outcome;
    } catch (error) {
      const reason = (error as Error).message; // node:fs throws Errors
      const sentence = `HAProxy has the share, but would forget it in a restart: ${reason}`;
      return { kind: 'unconfirmed', share: outcome.share, sentence };
    }
  }
}
