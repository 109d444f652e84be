import { describe, expect, it } from '@jest/globals';
import { addTick, logEvidence, startHarmEvidence } from '@sluice/server/analysis/counts/count-evidence';
import { planStep, type PlannedStep } from '@sluice/server/analysis/counts/plan-step';
import { ratioInterval, startRatioEvidence } from '@sluice/server/analysis/counts/ratio-interval';
import { addShareTick, NO_SHARE_EVIDENCE, shareP } from '@sluice/server/analysis/counts/share-evidence';
import { meanDifference } from '@sluice/server/analysis/means/mean-difference';
import { addSums, NO_SUMS } from '@sluice/server/analysis/means/mean-sums';
import { binomial, burstSize, poisson, seeded, type Random } from './random.ts';
import { sluice, untempered } from './rules.ts';
import { harmless, promised } from './scenarios.ts';
import { simulateScenario } from './simulate-scenario.ts';
import { isDetected, isTooOften } from './targets.ts';

const runs = 200;
const seed = 20_261_121;
const count = (times: number, happens: () => boolean) => Array.from({ length: times }, happens).filter(Boolean).length;

describe('the rule that rolls back', () => {
  // The other rows take longer to draw: `npm run simulate -- --check` has them all.
  const rows = harmless.filter(
    ({ name, meanBurst }) => name === promised.name || (/^(20 \+|ramp)/u.test(name) && meanBurst > 1),
  );

  it.each(rows)('spares good releases at $name', (scenario) => {
    const [outcome] = simulateScenario(scenario, [sluice], { runs, seed });
    expect(outcome && isTooOften(outcome)).toBe(false);
  });

  it('finds a rise to three times at 20 + 180 a minute within the hour', () => {
    const [outcome] = simulateScenario(promised, [sluice], { runs, seed });
    expect(outcome && isDetected(outcome)).toBe(true);
  });

  it('would roll back good releases by the dozen if it took bursts for independent events', () => {
    const bursts = rows.filter(({ meanBurst }) => meanBurst === 5);
    expect(bursts).toHaveLength(2);
    for (const scenario of bursts) {
      const [outcome] = simulateScenario(scenario, [untempered], { runs: 50, seed });
      expect(outcome && isTooOften(outcome)).toBe(true);
    }
  });
});

describe('planStep', () => {
  const step = (changes: Partial<PlannedStep>): PlannedStep => ({
    unitsPerMinute: 1_000,
    badRate: 0.01,
    share: 0.1,
    alpha: 0.01,
    margin: 0,
    phi: 1,
    metricsSharingAlpha: 1,
    ...changes,
  });

  it.each<[string, PlannedStep, number]>([
    ['3× at 20 + 180 a minute', step({ unitsPerMinute: 200 }), 3],
    ['10× at 5 + 95 a minute and 0.5 %', step({ unitsPerMinute: 100, badRate: 0.005, share: 0.05 }), 10],
    ['1.5×', step({}), 1.5],
    ['1.5× at a half', step({ share: 0.5 }), 1.5],
    ['5× at 1 %', step({ share: 0.01 }), 5],
    ['3× with bursts', step({ phi: 5 }), 3],
    ['2× where three metrics share alpha', step({ metricsSharingAlpha: 3 }), 2],
    ['2× beyond a margin of 10 %', step({ margin: 0.1 }), 2],
  ])('foretells the median minute of %s to within 15 %%', (_name, planned, ratio) => {
    const random = seeded(seed);
    const minutes = Array.from({ length: 300 }, () => minutesToDetect(planned, ratio, random)).sort((a, b) => a - b);
    const { medianMinutes } = planStep(planned, { ratio, holdMinutes: 60 });
    expect(Math.abs((medianMinutes ?? Infinity) / (minutes[150] ?? NaN) - 1)).toBeLessThan(0.15);
  });
});

describe('what is shown holds at all looks together', () => {
  it('holds the true ratio of a ramp in 95 of 100', () => {
    const random = seeded(seed);
    const misses = count(200, () => {
      let evidence = startRatioEvidence();
      return Array.from({ length: 80 }, (_, minute) => {
        const share = minute < 40 ? 0.05 : 0.3;
        const k = binomial(random, 5, (2 * share) / (1 + share));
        evidence = addTick(evidence, { candidateBad: k, bad: 5, share, phi: 1 });
        const interval = ratioInterval(evidence, 0.05);
        return interval !== undefined && (interval.low > 2 || (interval.high ?? Infinity) < 2);
      }).includes(true);
    });
    expect(misses).toBeLessThanOrEqual(10);
  });

  it('suspects a right split once in a hundred at most, through a ramp, at an alpha of 1 %', () => {
    const random = seeded(seed);
    const suspected = count(500, () => {
      let evidence = NO_SHARE_EVIDENCE;
      for (let minute = 0; minute < 60; minute += 1) {
        const share = [0.01, 0.05, 0.25][Math.floor(minute / 20)] ?? 0.25;
        const candidate = binomial(random, 200, share);
        evidence = addShareTick(evidence, { intended: [share, 1 - share], counts: [candidate, 200 - candidate] });
      }
      return shareP(evidence) <= 0.01;
    });
    expect(suspected).toBeLessThanOrEqual(10);
  });

  it('holds the true difference of skewed means in 95 of 100', () => {
    const random = seeded(seed);
    const skewed = () => -Math.log1p(-random());
    const draw = () => {
      const value = skewed();
      return { n: 1, sum: value, sumSquares: value ** 2 };
    };
    const misses = count(200, () => {
      let [candidate, stable] = [NO_SUMS, NO_SUMS];
      return Array.from({ length: 40 }, () => {
        for (let unit = 0; unit < 50; unit += 1) {
          candidate = addSums(candidate, draw());
          stable = addSums(stable, draw());
        }
        const difference = meanDifference(candidate, stable, { alpha: 0.05, sides: 2, scale: 'absolute' });
        return difference !== undefined && (difference.low > 0 || difference.high < 0);
      }).includes(true);
    });
    expect(misses).toBeLessThanOrEqual(10);
  });
});

function minutesToDetect(step: PlannedStep, ratio: number, random: Random): number {
  const meanBurst = (step.phi + 1) / 2;
  const candidateUnits = Math.round(step.unitsPerMinute * step.share);
  const bad = (units: number, rate: number): number => {
    if (step.phi === 1) return binomial(random, units, rate);
    let events = 0;
    for (let bursts = poisson(random, (units * rate) / meanBurst); bursts > 0; bursts -= 1) {
      events += burstSize(random, meanBurst);
    }
    return events;
  };
  let evidence = startHarmEvidence(step.margin);
  for (let minute = 1; minute <= 1_000; minute += 1) {
    const k = bad(candidateUnits, step.badRate * ratio);
    const n = k + bad(step.unitsPerMinute - candidateUnits, step.badRate);
    evidence = addTick(evidence, { candidateBad: k, bad: n, share: step.share, phi: step.phi });
    if (logEvidence(evidence) >= Math.log(step.metricsSharingAlpha / step.alpha)) return minute;
  }
  return Infinity;
}
