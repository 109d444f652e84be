import type { TrafficReach } from '../rollouts/index.js';
import { type Arms, shareAway } from './arms.js';
import type { Arm } from './traffic-router.js';
import type { ShiftMark } from './verify-share.js';

/** What is known of a route. Plain JSON, kept in the store; whatever it says of the program was read from the program. */
export interface RouteStanding {
  /** Null until the program had a share that was asked of it. */
  readonly arms: Arms | null;
  readonly home: Arm;
  /** The version of the stored traffic that was followed last. */
  readonly follows: number;
  /** The share of the candidate arm that the program has, as it confirmed it; null when it never did. */
  readonly share: number | null;
  readonly outcome: RouteOutcome;
  /** From when on the share is verified. */
  readonly mark: ShiftMark | null;
  /** What happened since, while something is ramped. */
  readonly verified: RouteVerified | null;
  /** RFC 3339. */
  readonly checkedAt: string;
}

export type RouteOutcome =
  | { readonly kind: 'inPlace' }
  | {
      readonly kind: 'refused' | 'unconfirmed' | 'unreachable';
      /** Of a refusal. */
      readonly code?: string;
      readonly sentence: string;
    };

export interface RouteVerified {
  readonly kind: 'matches' | 'differs' | 'tooFew';
  /** The share of requests that the candidate arm got; null without requests. */
  readonly actual: number | null;
  readonly requests: number;
}

/** A route that nobody has looked at for so long says nothing of what the program does now. */
const STALE_MS = 30_000;

/**
 * How far the share that the store asks for has come with a service's router. `follows`: the version of the traffic in
 * the store.
 */
export function reachOf(
  service: string,
  standing: RouteStanding | null,
  { follows, now }: { readonly follows: number; readonly now: Date },
): TrafficReach {
  const router = `The router of ${service}`;
  if (standing === null || standing.follows !== follows) {
    const asked = standing === null || standing.share === null ? null : shareAway(standing.home, standing.share);
    const traffic = [{ service, asked, actual: null, requests: 0, fits: null }];
    return { lacks: `${router} is being told of the share.`, traffic };
  }
  const { home, share, outcome, verified, checkedAt } = standing;
  const away = (each: number | null): number | null => (each === null ? null : shareAway(home, each));
  const asked = away(share);
  const actual = away(verified?.actual ?? null);
  const requests = verified?.requests ?? 0;
  const traffic = [{ service, asked, actual, requests, fits: verified?.kind ?? null }];
  if (outcome.kind !== 'inPlace') return { lacks: `${router} does not have the share. ${outcome.sentence}`, traffic };
  if (now.getTime() - Date.parse(checkedAt) > STALE_MS) {
    return { lacks: `${router} has not been looked at since ${checkedAt}.`, traffic };
  }
  if (verified?.kind !== 'differs' || actual === null || asked === null) return { lacks: undefined, traffic };
  const sent = `sends ${percent(actual)} of ${requests} requests to the candidate`;
  return { lacks: `${router} ${sent} where ${percent(asked)} was asked.`, traffic };
}

function percent(share: number): string {
  return `${share / 1_000} %`;
}
