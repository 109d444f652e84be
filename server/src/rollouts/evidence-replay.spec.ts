import { describe, expect, it } from '@jest/globals';
import { aPolicyDocument } from '../../test/builders/a-policy.js';
import { aFlagTarget } from '../../test/builders/a-rollout.js';
import { EvidenceReplay, MAX_EVIDENCE_POINTS, type RecordedTick } from './evidence-replay.js';

const subject = 'flag/new-cart';
const policy = aPolicyDocument({
  metrics: [{ kind: 'failures', name: 'failures', count: 'units', margin: 0, require: 'noHarm', dryRun: false }],
});

const measured = (tick: number): RecordedTick => ({
  tick,
  at: new Date(Date.UTC(2026, 0, 1) + tick * 10_000),
  body: {
    counts: [
      { subject, metric: 'failures', stableUnits: 90, candidateUnits: 10, stableBad: 1, candidateBad: 1, phi: 1 },
    ],
    means: [],
    shares: [],
    queries: [],
    ramp: { stepIndex: 0, share: 10_000, phase: 'watching', since: '2026-01-01T00:00:00.000Z', instances: 1 },
  },
});
const replayed = (ticks: number): EvidenceReplay => {
  const replay = new EvidenceReplay({ policy, targets: [aFlagTarget()] }, {});
  for (let tick = 1; tick <= ticks; tick += 1) replay.add(measured(tick));
  return replay;
};
const pointsOf = (replay: EvidenceReplay, most?: number) =>
  replay.series(most).find(({ metric }) => metric === 'failures')?.points ?? [];

describe('Evidence over time', () => {
  it('is what each tick was judged by', () => {
    const replay = new EvidenceReplay({ policy, targets: [aFlagTarget()] }, {});
    const judged = [1, 2, 3].map((tick) => replay.add(measured(tick)).results[0]?.evidence);
    expect(pointsOf(replay).map(({ evidence }) => evidence)).toEqual(judged);
    expect(pointsOf(replay)).toMatchObject([{ tick: 1, share: 10_000 }, { tick: 2 }, { tick: 3 }]);
    expect(judged[2]).toBeGreaterThan(judged[0] ?? Infinity);
    expect(replay.lastTick).toBe(3);
  });

  it('is nothing before the first tick', () => {
    expect(replayed(0).series()).toEqual([]);
    expect(replayed(0).lastTick).toBe(0);
  });

  it.each([499, 500, 501, 1_700, 4_001])(
    'of %d ticks is drawn with few points, evenly, the newest among them',
    (ticks) => {
      const points = pointsOf(replayed(ticks)).map(({ tick }) => tick);
      expect(points.length).toBeLessThanOrEqual(MAX_EVIDENCE_POINTS);
      expect(points.length).toBeGreaterThanOrEqual(MAX_EVIDENCE_POINTS / 2);
      expect([points[0], points.at(-1)]).toEqual([1, ticks]);
      const gaps = points.slice(1, -1).map((tick, index) => tick - (points[index] ?? 0));
      expect(new Set(gaps).size).toBe(1);
    },
  );

  it('is thinned further where fewer are asked for', () => {
    const points = pointsOf(replayed(100), 10).map(({ tick }) => tick);
    expect(points).toEqual([1, 12, 23, 34, 45, 56, 67, 78, 89, 100]);
  });

  it('goes on from where it was', () => {
    const replay = replayed(10);
    replay.add(measured(11));
    expect(pointsOf(replay)).toEqual(pointsOf(replayed(11)));
  });
});
