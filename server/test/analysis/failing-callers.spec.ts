import { expect, it } from '@jest/globals';
import { bucketOf } from '../../../sdk/src/evaluation/bucket.js';
import { type Arm, CALLER_LIMIT, type Measurement } from '../../../sdk/src/telemetry/batch.js';
import type { Exposure } from '../../../sdk/src/telemetry/exposures.js';
import { Measurements } from '../../../sdk/src/telemetry/measurements.js';
import {
  addTick,
  evidenceLimit,
  logEvidence,
  startHarmEvidence,
  tickOf,
} from '../../src/analysis/counts/count-evidence.js';
import { FULL_SHARE } from '../../src/kernel/share.js';
import { type Random, seeded } from '../../src/kernel/seeded-random.js';

const ALPHA = 0.05;
const RUNS = 20;
const REPORTS_PER_SHARE = 4;
const INSTANCES = 2;
const UNITS_PER_REPORT = 1_000;
const CALLERS = 4_000;
const rollout = '0199a0b2-0000-7000-8000-000000000001';
const subject = 'flag/cart';
const ramp = `${rollout} ${subject}`;

/** What a world is like in which the SDK's instances name more failing callers than a report holds. */
interface World {
  /** One after the other, each for so many reports. */
  readonly shares: readonly number[];
  /** Callers for whom everything fails, whichever arm they are in. */
  readonly broken: number;
  /** The chance that a unit of another caller fails. */
  readonly failing: Readonly<Record<Arm, number>>;
}

const rising = [1_000, 5_000, 25_000, 50_000];
const world: World = { shares: rising, broken: 400, failing: { stable: 0.3, candidate: 0.3 } };

it.each<[string, World]>([
  ['the share rises', world],
  ['the share falls', { ...world, shares: rising.toReversed() }],
])(
  'a candidate that is no worse is accused no more often than alpha: some of whom everything fails, and %s',
  (_name, seen) => {
    const runs = Array.from({ length: RUNS }, (_, seed) => run(seen, seeded(seed + 1)));
    expect(Math.min(...runs.flatMap(({ failed }) => failed))).toBeGreaterThan(CALLER_LIMIT);
    expect(runs.filter(({ isAccused }) => isAccused).length).toBeLessThanOrEqual(ALPHA * RUNS);
  },
);

it.each<[string, World]>([
  ['all fail alike', { ...world, broken: 0, failing: { stable: 0.3, candidate: 0.6 } }],
  ['for some everything fails', { ...world, failing: { stable: 0.3, candidate: 0.6 } }],
])('a candidate that fails twice as often is found out before half of all have it: %s', (_name, seen) => {
  const early = { ...seen, shares: seen.shares.slice(0, 3) };
  const runs = Array.from({ length: RUNS }, (_, seed) => run(early, seeded(seed + 1)));
  expect(runs.filter(({ isAccused }) => isAccused)).toHaveLength(RUNS);
});

/** One rollout: what fails with two real SDKs, counted as the store does, judged after every report. */
function run(world: World, random: Random): { readonly isAccused: boolean; readonly failed: readonly number[] } {
  const instances = Array.from({ length: INSTANCES }, () => new Measurements());
  // Short, for most of the time goes into hashing them.
  const seed = random().toString(36).slice(2, 6);
  const callers = Array.from({ length: CALLERS }, (_, i) => `${seed}${i.toString(36)}`);
  const buckets = callers.map((caller) => bucketOf('cart', caller, FULL_SHARE));
  const counted = new Set<number>();
  const failed: number[] = [];
  let evidence = startHarmEvidence();
  for (const share of world.shares) {
    for (const each of instances) each.keepRamps(new Map([[ramp, share]]));
    for (let report = 0; report < REPORTS_PER_SHARE; report += 1) {
      const units = { stable: 0, candidate: 0 };
      for (const instance of instances) {
        const failing = new Set<number>();
        for (let unit = 0; unit < UNITS_PER_REPORT; unit += 1) {
          const i = Math.floor(random() * CALLERS);
          const arm = (buckets[i] ?? 0) < share ? 'candidate' : 'stable';
          const isBad = i < world.broken || random() < world.failing[arm];
          units[arm] += 1;
          if (!isBad) continue;
          failing.add(i);
          instance.credit({ ...aUnit, targetingKey: callers[i], isBad, exposures: [exposures[arm]] });
        }
        failed.push(failing.size);
      }
      const bad = countFresh(
        instances.flatMap((each) => each.take()),
        counted,
      );
      const armOf = (arm: Arm) => ({ units: units[arm], bad: bad[arm] });
      evidence = addTick(evidence, tickOf(armOf('candidate'), armOf('stable'), 1));
      // Who is accused is rolled back: nothing is measured after that.
      if (logEvidence(evidence) >= evidenceLimit(ALPHA)) return { isAccused: true, failed };
    }
  }
  return { isAccused: false, failed };
}

const exposureOf = (arm: Arm): Exposure => ({ rollout, subject, arm, ramp });
const exposures = { stable: exposureOf('stable'), candidate: exposureOf('candidate') };
const aUnit = { mixed: [], tallies: new Map() };

/** What the store counts of reports: callers that it did not know of either arm. */
function countFresh(reported: readonly Measurement[], counted: Set<number>): Record<Arm, number> {
  const fresh = { stable: 0, candidate: 0 };
  for (const { arm, callers = [] } of reported) {
    for (const hash of callers) {
      if (!counted.has(hash)) fresh[arm] += 1;
      counted.add(hash);
    }
  }
  return fresh;
}
