import { describe, expect, it } from '@jest/globals';
import { aDemand, someRunSums } from '../../test/builders/a-run-observation.js';
import { assess } from './assess.js';
import type { LogRatioSums, RunSums } from './sums.js';

const NO_TIMES: LogRatioSums = { n: 0, sum: 0, sumSquares: 0 };
const evenTimes = someRunSums(0, 0).latency.controlFirst;
const none = someRunSums(0, 0).verdicts;

const shapes = { distinct: 3, singletons: 1, n: 100 };
const assessed = (sums: RunSums, demand = aDemand()) => assess({ sums, shapes, demand });

describe('whether a candidate is equivalent', () => {
  it('is certified at the very input that VERDICTS.md 5 names', () => {
    expect(assessed(someRunSums(448, 0)).finding).toBe('undecided');
    expect(assessed(someRunSums(448, 0)).lacks).toEqual([
      '0 of 448 inputs came out unequal: not enough to certify. 1 more, all equal, would do.',
      expect.stringContaining('0 of 448 calls were not answered in time'),
    ]);
    const certified = assessed(someRunSums(449, 0));
    expect(certified).toMatchObject({ finding: 'certified', lacks: [] });
    expect(certified.sentence).toBe('Unequal in less than 1 % of inputs: 0 of 449 inputs came out unequal.');
  });

  it('is refuted by few inputs where many differ, and says so first', () => {
    const { finding, sentence } = assessed(someRunSums(40, 8));
    expect(finding).toBe('refuted');
    expect(sentence).toBe('8 of 40 inputs came out unequal: more than 1 %.');
  });

  it('says when the control differs from itself', () => {
    const { sentence } = assessed(someRunSums(40, 8, { twins: { n: 20, b: 4, c: 4 } }));
    expect(sentence).toContain('The control differed from itself in 4 of 20 repetitions');
  });

  it('is refuted by one kind of input although all together keep the tolerance', () => {
    const strata = [
      { stratum: 'EUR', n: 19_900, x: 0 },
      { stratum: 'JPY', n: 100, x: 12 },
    ];
    const { finding, sentence } = assessed(someRunSums(20_000, 12, { strata }));
    expect(finding).toBe('refuted');
    expect(sentence).toBe('12 of 100 JPY inputs came out unequal: more than 1 %.');
  });

  it('waits for the kinds of input that are asked for', () => {
    const demand = aDemand({ strata: [{ stratum: 'JPY', minimum: 50 }] });
    expect(assessed(someRunSums(5_000, 0), demand)).toMatchObject({
      finding: 'undecided',
      sentence: 'Only 0 of the 50 inputs of JPY that are asked for were compared.',
    });
    expect(assessed(someRunSums(5_000, 0, { strata: [{ stratum: 'JPY', n: 50, x: 0 }] }), demand).finding).toBe(
      'certified',
    );
  });

  it('counts inputs, not calls: repeats are no evidence', () => {
    expect(assessed(someRunSums(449, 0, { inputs: { n: 100, x: 0 } })).finding).toBe('undecided');
  });

  it('is not certified while it does not answer, and refuted when that is known to be too often', () => {
    const late = (timeout: number) => assessed(someRunSums(2_000, 0, { verdicts: { ...none, match: 2_000, timeout } }));
    expect(late(1).finding).toBe('certified');
    expect(late(15).finding).toBe('undecided');
    expect(late(100)).toMatchObject({
      finding: 'refuted',
      sentence: 'The candidate did not answer 100 of 2100 calls in time.',
    });
  });

  it('is not certified when most sampled calls say nothing', () => {
    const { finding, lacks } = assessed(someRunSums(2_000, 0, { verdicts: { ...none, match: 2_000, shed: 1_000 } }));
    expect(finding).toBe('undecided');
    expect(lacks).toEqual([
      'Of 3000 sampled calls 1000 say nothing (1000 shed, 0 late by the control): lower the share or raise the budget.',
    ]);
  });

  it('is not certified, nor refuted, by what the old control leaves unanswered once it is the shadow', () => {
    const late = (lateControls: number) => assessed(someRunSums(2_000, 0, { lateControls }));
    expect(late(400)).toMatchObject({ finding: 'certified', unanswered: { unanswered: 0, unseen: 400 } });
    expect(late(600)).toMatchObject({ finding: 'undecided', unanswered: { state: 'pass', unseen: 600 } });
  });

  it('is not certified by the calls between those that its breaker kept from it', () => {
    const kept = (broken: number) =>
      assessed(someRunSums(2_000, 0, { verdicts: { ...none, match: 2_000, shed: 200 }, broken }));
    expect(kept(22).finding).toBe('certified');
    expect(kept(23)).toMatchObject({
      finding: 'undecided',
      lacks: [
        '23 of 2200 sampled calls were shed while the candidate kept failing: more than 1 %. Mend the candidate.',
      ],
    });
  });

  it('is not certified when more calls than may go unanswered could not be compared', () => {
    const odd = (compare_error: number, clean_error: number) =>
      assessed(someRunSums(1_980, 0, { verdicts: { ...none, match: 1_980, compare_error, clean_error } }));
    expect(odd(10, 10).finding).toBe('certified');
    expect(odd(10, 11)).toMatchObject({
      finding: 'undecided',
      lacks: [
        '21 of 2001 sampled calls could not be compared (10 in comparing, 11 in cleaning): more than 1 %. ' +
          'Mend what throws there.',
      ],
    });
  });

  it('says how many calls rules left out of what it certifies', () => {
    const ignored = (count: number) =>
      assessed(someRunSums(449, 0, { verdicts: { ...none, match: 449, ignored: count } })).sentence;
    expect(ignored(7_996)).toBe(
      'Unequal in less than 1 % of inputs: 0 of 449 inputs came out unequal; 7996 calls were ignored by rules.',
    );
    expect(ignored(1)).toContain('unequal; 1 call was ignored by rules.');
  });

  it('says how many of the inputs may be repeats in several processes', () => {
    expect(assessed(someRunSums(449, 0, { perProcess: 449 })).sentence).toBe(
      'Unequal in less than 1 % of inputs: 0 of 449 inputs came out unequal; 449 of the inputs may be repeats in ' +
        'several processes.',
    );
    expect(assessed(someRunSums(449, 0, { perProcess: 0 })).sentence).not.toContain('repeats');
  });

  it('gives the doubt of how many inputs there were to neither finding', () => {
    const doubted = (fewest: readonly [number, number], most: readonly [number, number]) =>
      assessed(
        someRunSums(fewest[0], most[1], {
          refuting: {
            inputs: { n: most[0], x: fewest[1] },
            strata: [{ stratum: 'JPY', n: most[0], x: fewest[1] }],
          },
          strata: [{ stratum: 'JPY', n: fewest[0], x: most[1] }],
        }),
      );
    const wide = doubted([100, 1], [400, 20]);
    expect(wide).toMatchObject({ finding: 'undecided', equivalence: { n: 100, x: 20 } });
    expect(wide.strata).toMatchObject([{ n: 100, x: 20, isRefuted: false }]);
    expect(doubted([400, 15], [400, 20])).toMatchObject({
      finding: 'refuted',
      sentence:
        '15 of 400 inputs came out unequal: more than 1 %. 15 of 400 JPY inputs came out unequal: more than 1 %.',
    });
    const [low, high] = wide.equivalence.interval;
    expect([low, high]).toEqual([
      assessed(someRunSums(400, 1)).equivalence.interval[0],
      assessed(someRunSums(100, 20)).equivalence.interval[1],
    ]);
  });

  it('is not certified while nobody says which code was compared', () => {
    const of = (controlVersion: string, candidateVersion: string) =>
      assess({ sums: someRunSums(449, 0), shapes, demand: aDemand(), versions: { controlVersion, candidateVersion } });
    expect(of('v1', 'v2').finding).toBe('certified');
    expect(of('v1', '')).toMatchObject({
      finding: 'undecided',
      lacks: ['Services do not name the version of the candidate: give the SDK service.version, or the call version.'],
    });
    // The control's code is of the same service, unless a call says otherwise.
    expect(of('', 'v2').finding).toBe('certified');
  });

  it('shares its chance of a false refutation among kinds of input in the order in which they appear', () => {
    const refuted = (names: readonly string[], demanded: readonly string[] = []) => {
      const strata = names.map((stratum) => ({ stratum, n: 100, x: stratum === 'JPY' ? 10 : 0 }));
      const demand = aDemand({ strata: demanded.map((stratum) => ({ stratum, minimum: 1 })) });
      return assessed(someRunSums(20_000, 10, { strata }), demand).strata.some(({ isRefuted }) => isRefuted);
    };
    const others = Array.from({ length: 30 }, (_, i) => `A${i}`);
    expect(refuted(['JPY'])).toBe(true);
    // Those that come later take nothing from it.
    expect(refuted(['JPY', ...others])).toBe(true);
    expect(refuted([...others, 'JPY'])).toBe(false);
    expect(refuted([...others, 'JPY'], ['JPY'])).toBe(true);
  });

  it.each([
    ['even', 0, 'certified', 'pass'],
    ['a quarter slower', Math.log(1.25), 'refuted', 'fail'],
    ['at the margin', Math.log(1.1), 'undecided', 'pending'],
  ])('looks at its time: %s', (_name, mean, finding, state) => {
    const times = { n: 5_000, sum: 5_000 * mean, sumSquares: 5_000 * (mean ** 2 + 0.01) };
    const found = assessed(someRunSums(2_000, 0, { latency: { controlFirst: times, candidateFirst: times } }));
    expect(found.finding).toBe(finding);
    expect(found.latency?.state).toBe(state);
  });

  it('does not ask for times where none are judged, and asks for both orders where they are', () => {
    const untimed = someRunSums(2_000, 0, { latency: { controlFirst: evenTimes, candidateFirst: NO_TIMES } });
    expect(assessed(untimed, aDemand({ latencyMargin: null }))).toMatchObject({ finding: 'certified', latency: null });
    expect(assessed(untimed).lacks).toEqual(['5000 calls were timed: a hundred in each order are needed.']);
  });

  it('tells how much of it is noise, and how much of the input nobody has seen', () => {
    const { noise, coverage } = assessed(someRunSums(2_000, 0, { twins: { n: 100, b: 5, c: 0 } }));
    expect(noise).toEqual({ n: 100, b: 5, c: 0, excess: 0.05, p: 1 / 32 });
    expect(coverage).toEqual({ shapes: 3, unseen: 0.01 });
  });

  it('knows nothing without inputs', () => {
    expect(assessed(someRunSums(0, 0))).toMatchObject({ finding: 'undecided', noise: { excess: null, p: null } });
  });
});
