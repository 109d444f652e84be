import { expect, it } from '@jest/globals';
import { capacityOf } from './admit-shift.js';
import type { Capacity, ServerState } from './traffic-router.js';
import { type RefusedShift, wayBack } from './way-back.js';

const servers = (up: number, all: number): readonly ServerState[] =>
  Array.from({ length: all }, (_, index) => {
    const isUp = index < up;
    return { name: `s${index}`, weight: isUp ? 1 : 0, fullWeight: 1, says: isUp ? 'UP' : 'DOWN' };
  });
/** Four servers in each arm, of which so many are up. */
const up = (stable: number, candidate: number): Capacity => capacityOf(servers(stable, 4), servers(candidate, 4));

it.each<[string, RefusedShift, ReturnType<typeof wayBack>]>([
  [
    'moves as much to a stable arm as it can take',
    { now: 90_000, share: 0, home: 'stable', capacity: up(2, 4) },
    { share: 50_000 },
  ],
  [
    'moves as much home as home can take, when home is the candidate arm',
    { now: 10_000, share: 100_000, home: 'candidate', capacity: up(4, 3) },
    { share: 75_000 },
  ],
  [
    'moves nothing to an arm that has nothing up',
    { now: 90_000, share: 0, home: 'stable', capacity: up(0, 4) },
    undefined,
  ],
  [
    'moves everybody to half a stable arm when the candidate is gone',
    { now: 50_000, share: 0, home: 'stable', capacity: up(1, 0) },
    { share: 0, isEmergency: true },
  ],
  ['does not move away from home', { now: 50_000, share: 0, home: 'stable', capacity: up(2, 4) }, undefined],
  [
    'helps no ramp on its way to the candidate',
    { now: 10_000, share: 60_000, home: 'stable', capacity: up(4, 2) },
    undefined,
  ],
  [
    'helps no ramp on its way to the stable arm',
    { now: 100_000, share: 40_000, home: 'candidate', capacity: up(2, 4) },
    undefined,
  ],
  [
    'moves nothing from where it does not know',
    { now: undefined, share: 0, home: 'stable', capacity: up(2, 4) },
    undefined,
  ],
])('%s', (_name, refused, way) => expect(wayBack(refused)).toEqual(way));
