import { describe, expect, it } from '@jest/globals';
import { aRunObservation, someRunSums } from '../../test/builders/a-run-observation.js';
import { judgeRun, unheardRun } from './judge-run.js';

const stateOf = (observed: Parameters<typeof judgeRun>[0], metric: string) =>
  judgeRun(observed).find((result) => result.metric === metric);

describe('a parallel run that a rollout samples', () => {
  it('may be sampled more while nothing speaks against it, long before it is certified', () => {
    expect(stateOf(aRunObservation({ sums: someRunSums(20, 0) }), 'equivalence')).toMatchObject({
      state: 'pass',
      isComparable: true,
      sentence: expect.stringContaining('0 of 20 inputs came out unequal: not enough to certify.'),
    });
  });

  it('is bad once it is refuted', () => {
    expect(stateOf(aRunObservation({ sums: someRunSums(40, 8) }), 'equivalence')).toMatchObject({
      state: 'fail',
      sentence: '8 of 40 inputs came out unequal: more than 1 %.',
    });
  });

  it('is not known before anything was compared', () => {
    expect(stateOf(aRunObservation({ sums: someRunSums(0, 0) }), 'equivalence')).toMatchObject({ state: 'pending' });
    expect(unheardRun('price-v2', true)).toMatchObject({ state: 'pending', isComparable: true });
    expect(unheardRun('price-v2', false)).toMatchObject({ isComparable: false });
  });

  it('is sampled no more than callers can bear', () => {
    const costing = (addedMs: number) =>
      aRunObservation({
        sums: { ...someRunSums(200, 0), overhead: { n: 200, addedMs, maxAddedMs: 9, maxLoopDelayMs: 1 } },
      });
    expect(stateOf(costing(100), 'overhead')).toMatchObject({ state: 'pass' });
    expect(stateOf(costing(500), 'overhead')).toMatchObject({
      state: 'inconclusive',
      sentence: 'A sampled call takes 2.50 ms longer, 9.0 ms at most; 1 ms is allowed.',
    });
  });

  it('shows errors without counting them twice', () => {
    const sums = someRunSums(50, 0);
    const failing = { ...sums, verdicts: { ...sums.verdicts, candidate_error: 2 } };
    expect(stateOf(aRunObservation({ sums: failing }), 'errors')).toMatchObject({
      dryRun: true,
      state: 'inconclusive',
      candidate: { units: 52, bad: 2 },
    });
  });

  it('names the versions while services run several', () => {
    const [first] = judgeRun(aRunObservation(), false);
    expect(first?.metric).toBe('equivalence in v2 against v1');
  });

  it('names its candidate where there are several', () => {
    const names = judgeRun(aRunObservation({ candidate: 'fast' })).map(({ metric }) => metric);
    expect(names).toEqual(['equivalence of fast', 'errors of fast', 'latency of fast', 'overhead of fast']);
  });
});
