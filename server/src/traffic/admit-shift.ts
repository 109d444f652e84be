import { FULL_SHARE } from '../kernel/share.js';
import type { Arm, Capacity, Refused, ServerState } from './traffic-router.js';

/** The part of the service's capacity that each arm has up, from its servers. */
export function capacityOf(stable: readonly ServerState[], candidate: readonly ServerState[]): Capacity {
  const whole = Math.max(sumOf(stable, 'fullWeight'), sumOf(candidate, 'fullWeight'));
  const partOf = (servers: readonly ServerState[]): number =>
    whole === 0 ? 0 : Math.min(1, sumOf(servers, 'weight') / whole);
  return {
    stable: { part: partOf(stable), servers: stable },
    candidate: { part: partOf(candidate), servers: candidate },
  };
}

export interface WantedShift {
  /** The share there is; undefined when it is not known, and either arm may be about to receive more. */
  readonly now: number | undefined;
  readonly share: number;
  readonly capacity: Capacity;
  /** `any`: one server that is up is enough. `proportional`: an arm's part must reach its new share. */
  readonly rule: 'any' | 'proportional';
  readonly isEmergency: boolean;
}

/**
 * Answers why a shift must not happen, or undefined. Only the arm that receives more is looked at; in an emergency,
 * stable is not, and the candidate always is.
 */
export function refusalOf({ now, share, capacity, rule, isEmergency }: WantedShift): Refused | undefined {
  const gains: Readonly<Record<Arm, boolean>> = {
    candidate: share > 0 && (now === undefined || share > now),
    stable: share < FULL_SHARE && (now === undefined || share < now) && !isEmergency,
  };
  for (const arm of ['candidate', 'stable'] as const) {
    if (!gains[arm]) continue;
    const { part, servers } = capacity[arm];
    const exposure = (arm === 'candidate' ? share : FULL_SHARE - share) / FULL_SHARE;
    const isEnough = part > 0 && (rule === 'any' || part >= exposure);
    if (!isEnough) return noCapacity(`${arm} arm has ${part === 0 ? 'no capacity' : lacking(part, exposure)}`, servers);
  }
  return undefined;
}

function noCapacity(what: string, servers: readonly ServerState[]): Refused {
  const up = servers.filter(({ weight }) => weight > 0).length;
  const rest = servers.filter(({ weight }) => weight === 0).map(({ name, says }) => `${name}: ${says}`);
  const named = rest.length > 0 ? ` (${rest.join(', ')})` : '';
  const sentence = `The ${what}: ${up} of ${servers.length} servers are up${named}. Nothing was moved.`;
  return { kind: 'refused', code: 'NO_CAPACITY', sentence };
}

function lacking(part: number, exposure: number): string {
  return `${percent(part)} of the service's capacity and would receive ${percent(exposure)} of its requests`;
}

function percent(part: number): string {
  return `${Number((part * 100).toFixed(3))} %`;
}

function sumOf(servers: readonly ServerState[], weight: 'weight' | 'fullWeight'): number {
  return servers.reduce((sum, server) => sum + server[weight], 0);
}
