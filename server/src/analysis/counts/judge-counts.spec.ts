import { expect, it } from '@jest/globals';
import { addTick, startHarmEvidence, startSafetyEvidence, tickOf, type ArmCount } from './count-evidence.js';
import { judgeCounts, type CountDemand } from './judge-counts.js';

const demand = (overrides: Partial<CountDemand> = {}): CountDemand => ({
  alpha: 0.01,
  require: 'noHarm',
  minimumUnits: 1_000,
  ...overrides,
});
const after = (candidate: ArmCount, stable: ArmCount) => {
  const tick = tickOf(candidate, stable, 1);
  return { harm: addTick(startHarmEvidence(), tick), safety: addTick(startSafetyEvidence(0.5), tick) };
};

it.each<[string, ReturnType<typeof after>, CountDemand, string]>([
  ['nothing', after({ units: 0, bad: 0 }, { units: 0, bad: 0 }), demand({ minimumUnits: 0 }), 'pending'],
  ['too few units', after({ units: 999, bad: 9 }, { units: 9_000, bad: 90 }), demand(), 'pending'],
  ['harm in few units', after({ units: 100, bad: 20 }, { units: 900, bad: 20 }), demand(), 'fail'],
  ['enough, and no harm', after({ units: 1_000, bad: 10 }, { units: 9_000, bad: 90 }), demand(), 'pass'],
  [
    'no harm, nor proof of its absence',
    after({ units: 1_000, bad: 10 }, { units: 9_000, bad: 90 }),
    demand({ require: 'nonInferior' }),
    'inconclusive',
  ],
  [
    'proof that there is none beyond the margin',
    after({ units: 20_000, bad: 200 }, { units: 80_000, bad: 800 }),
    demand({ require: 'nonInferior' }),
    'pass',
  ],
  [
    'harm, where non-inferiority is asked for',
    after({ units: 20_000, bad: 600 }, { units: 80_000, bad: 800 }),
    demand({ require: 'nonInferior' }),
    'fail',
  ],
])('of %s', (_name, evidence, asked, state) => {
  expect(judgeCounts(evidence, asked).state).toBe(state);
});

it('is inconclusive when non-inferiority is asked for and was not collected', () => {
  const { harm } = after({ units: 5_000, bad: 0 }, { units: 5_000, bad: 100 });
  expect(judgeCounts({ harm }, demand({ require: 'nonInferior' })).state).toBe('inconclusive');
});

it('says how much evidence there is, and whose the events are', () => {
  const { reason } = judgeCounts(after({ units: 100, bad: 20 }, { units: 900, bad: 20 }), demand());
  expect(reason).toBe("evidence of harm 18.8 of 4.6 needed: 20 of 40 bad events are the candidate's");
});

it.each<[string, ArmCount, ArmCount, string]>([
  ['either', { units: 0, bad: 0 }, { units: 0, bad: 0 }, 'neither arm has had units yet'],
  ['of the candidate', { units: 0, bad: 0 }, { units: 9, bad: 0 }, 'the candidate has had no units yet'],
  ['of the stable arm', { units: 9, bad: 0 }, { units: 0, bad: 0 }, 'the stable arm has had no units yet'],
  ['enough', { units: 9, bad: 0 }, { units: 9, bad: 0 }, '9 of the 1000 units needed in each arm'],
])('says what is missing where there are no units of %s', (_whose, candidate, stable, said) => {
  expect(judgeCounts(after(candidate, stable), demand()).reason).toBe(`evidence of harm 0.0 of 4.6 needed; ${said}`);
});
