import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Measurement } from '../../../sdk/src/telemetry/batch.js';
import { aTelemetryBatch } from '../../test/builders/a-telemetry-batch.js';
import { parseTelemetryBatch } from './telemetry-batch.js';

const now = new Date('2026-01-01T12:00:00.000Z');
const { instance } = aTelemetryBatch();
const count = { flag: 'a', variation: 'on', count: 1, lastAt: '2026-01-01T00:00:00.000Z' };
const event = { event: 'bought', count: 1, sum: 0, lastAt: '2026-01-01T00:00:00.000Z' };

it('reads what the SDK sends', () => {
  expect(parseTelemetryBatch(aTelemetryBatch(), now)).toEqual({
    batchId: 'batch-1',
    instance: {
      ...instance,
      revisionAppliedAt: new Date('2026-01-01T00:00:00.000Z'),
      service: null,
      serviceVersion: null,
    },
    usage: [{ flagKey: 'new-cart', variation: 'on', count: 1, lastAt: new Date('2026-01-01T00:00:09.000Z') }],
    tracked: [],
    arms: [],
    ordinary: [],
    parallelRuns: [],
  });
});

it('reads what a service tracked, each event once', () => {
  const said = [
    { event: 'bought', count: 2, sum: 20.5, lastAt: '2026-01-01T00:00:01Z' },
    { event: 'seen', count: 1, sum: 0, lastAt: '2999-01-01T00:00:00Z' },
    { event: 'bought', count: 1, sum: -0.5, lastAt: '2026-01-01T00:00:00Z' },
  ];
  expect(parseTelemetryBatch(aTelemetryBatch({ tracked: said }), now).tracked).toEqual([
    { event: 'bought', count: 3, sum: 20, lastAt: new Date('2026-01-01T00:00:01.000Z') },
    { event: 'seen', count: 1, sum: 0, lastAt: now },
  ]);
});

const rollout = '0199a0b2-0000-7000-8000-000000000001';
const measured: Measurement = {
  rollout,
  subject: 'flag/new-cart',
  arm: 'candidate',
  metric: 'unit',
  n: 3,
  bad: 2,
  callers: [7, 4_294_967_295],
  anonymousBad: 1,
  sum: 0,
  sumSquares: 0,
};
const ordinary: Measurement = {
  ...{ rollout: null, subject: 'all', arm: 'stable', metric: 'request' },
  ...{ n: 2, bad: 0, anonymousBad: 0, sum: 30, sumSquares: 500 },
  sketch: { zero: 0, buckets: [[150, 2]] },
};

it('reads what units measured, each sum once, of arms and of ordinary traffic', () => {
  const sketch = { zero: 1, buckets: [[5, 1] as const, [3, 1] as const, [5, 1] as const] };
  const again = { ...measured, rollout: rollout.toUpperCase(), callers: [7, 8], sketch };
  const measurements = [measured, ordinary, again, { ...ordinary, n: 1 }];
  const report = parseTelemetryBatch(aTelemetryBatch({ measurements }), now);
  expect(report.arms).toEqual([
    {
      ...{ rolloutId: rollout, subject: 'flag/new-cart', arm: 'candidate', metric: 'unit', n: 6, bad: 4 },
      ...{ callers: [7, 4_294_967_295, 8], anonymousBad: 2, sum: 0, sumSquares: 0 },
      sketch: {
        zero: 1,
        buckets: [
          [3, 1],
          [5, 2],
        ],
      },
    },
  ]);
  expect(report.ordinary).toEqual([{ subject: 'all', metric: 'request', n: 3, bad: 0, sum: 60, sumSquares: 1_000 }]);
});

it('reads which service an instance is of', () => {
  const read = (service: object) =>
    parseTelemetryBatch({ ...aTelemetryBatch(), instance: { ...instance, service } }, now).instance;
  expect(read({ key: 'checkout', version: 'v2' })).toMatchObject({ service: 'checkout', serviceVersion: 'v2' });
  expect(read({ key: 'checkout' })).toMatchObject({ service: 'checkout', serviceVersion: null });
});

it('reads that an instance is leaving, and nothing of one that stays', () => {
  const read = (said: object) => parseTelemetryBatch({ ...aTelemetryBatch(), instance: said }, now).instance;
  expect(read({ ...instance, leaving: true })).toMatchObject({ isLeaving: true });
  expect(read(instance)).not.toHaveProperty('isLeaving');
  expect(() => read({ ...instance, leaving: false })).toThrow();
});

it('takes an instance that has no snapshot yet, and no evaluations', () => {
  const fresh = { ...instance, revision: null, revisionAppliedAt: null };
  const report = parseTelemetryBatch(aTelemetryBatch({ instance: fresh, evaluations: [] }), now);
  expect(report).toMatchObject({ instance: fresh, usage: [] });
});

it('takes bounds that a clock put back has turned round', () => {
  const batch = aTelemetryBatch({ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' });
  expect(() => parseTelemetryBatch(batch, now)).not.toThrow();
});

describe('the clock of an SDK', () => {
  it.each<[string, string, string]>([
    ['is believed about the past', '2026-01-01T11:59:59.999Z', '2026-01-01T11:59:59.999Z'],
    ['is believed in other time zones', '2026-01-01T13:00:00+02:00', '2026-01-01T11:00:00.000Z'],
    ['is not believed about the future', '2026-01-01T12:00:00.001Z', '2026-01-01T12:00:00.000Z'],
    ['is not believed about far futures', '9999-12-31T23:59:59Z', '2026-01-01T12:00:00.000Z'],
    ['is not believed when it was never set', '1970-01-01T00:00:00Z', '2000-01-01T00:00:00.000Z'],
    ['is not believed about the year 0', '0000-01-01T00:00:00Z', '2000-01-01T00:00:00.000Z'],
  ])('%s', (_name, said, taken) => {
    const report = parseTelemetryBatch(
      aTelemetryBatch({
        instance: { ...instance, revisionAppliedAt: said },
        evaluations: [{ ...count, lastAt: said }],
      }),
      now,
    );
    expect(report.usage[0]?.lastAt).toEqual(new Date(taken));
    expect(report.instance.revisionAppliedAt).toEqual(new Date(taken));
  });
});

it('adds up what is said of the same flag and variation, and loses none', () => {
  const counts = fc.array(
    fc.record({
      flag: fc.constantFrom('a', 'b', 'a","b'),
      variation: fc.constantFrom('on', 'off', 'null', null),
      count: fc.integer({ min: 1, max: 1_000 }),
      lastAt: fc
        .integer({ min: 0, max: 59 })
        .map((second) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()),
    }),
  );
  fc.assert(
    fc.property(counts, (evaluations) => {
      const { usage } = parseTelemetryBatch(aTelemetryBatch({ evaluations }), now);
      const pairs = usage.map(({ flagKey, variation }) => JSON.stringify([flagKey, variation]));
      expect(new Set(pairs).size).toBe(pairs.length);
      for (const each of usage) {
        const said = evaluations.filter(({ flag, variation }) => flag === each.flagKey && variation === each.variation);
        expect(each.count).toBe(said.reduce((sum, one) => sum + one.count, 0));
        expect(each.lastAt.toISOString()).toBe(
          said
            .map(({ lastAt }) => lastAt)
            .sort()
            .at(-1),
        );
      }
      expect(usage.reduce((sum, one) => sum + one.count, 0)).toBe(evaluations.reduce((sum, one) => sum + one.count, 0));
    }),
    { seed: 1 },
  );
});

it.each<[string, object, string[]]>([
  ['of no id', { batchId: '' }, ['/batchId']],
  ['of an endless id', { batchId: 'b'.repeat(201) }, ['/batchId']],
  ['of an unknown field', { extra: 1 }, ['/extra']],
  ['of no dates', { from: 'now', to: 1 }, ['/from', '/to']],
  ['of too many counts', { evaluations: Array.from({ length: 5_001 }, () => count) }, ['/evaluations']],
  ['of nothing counted', { evaluations: [{ ...count, count: 0 }] }, ['/evaluations/0/count']],
  ['of a broken count', { evaluations: [{ ...count, count: 1.5 }] }, ['/evaluations/0/count']],
  ['of an absurd count', { evaluations: [{ ...count, count: 1e12 + 1 }] }, ['/evaluations/0/count']],
  ['of an endless key', { evaluations: [{ ...count, flag: 'f'.repeat(257) }] }, ['/evaluations/0/flag']],
  ['of an empty variation', { evaluations: [{ ...count, variation: '' }] }, ['/evaluations/0/variation']],
  ['of a nameless event', { tracked: [{ ...event, event: '' }] }, ['/tracked/0/event']],
  ['of an event with an endless name', { tracked: [{ ...event, event: 'e'.repeat(257) }] }, ['/tracked/0/event']],
  ['of a boundless sum', { tracked: [{ ...event, sum: Infinity }] }, ['/tracked/0/sum']],
  ['of an absurd sum', { tracked: [{ ...event, sum: -1.1e30 }] }, ['/tracked/0/sum']],
  ['of an event that never was', { tracked: [{ ...event, count: 0 }] }, ['/tracked/0/count']],
  ['of too many events', { tracked: Array.from({ length: 501 }, () => event) }, ['/tracked']],
  ['of too many measurements', { measurements: Array.from({ length: 501 }, () => ordinary) }, ['/measurements']],
  ['of a rollout that is none', { measurements: [{ ...measured, rollout: 'x' }] }, ['/measurements/0/rollout']],
  ['of an arm that is none', { measurements: [{ ...measured, arm: 'control' }] }, ['/measurements/0/arm']],
  ['of a subject that is none', { measurements: [{ ...measured, subject: 'cart' }] }, ['/measurements/0/subject']],
  ['of a rollout of everything', { measurements: [{ ...measured, subject: 'all' }] }, ['/measurements/0/subject']],
  ['of a nameless metric', { measurements: [{ ...measured, metric: '' }] }, ['/measurements/0/metric']],
  ['of more bad than there are', { measurements: [{ ...measured, n: 1 }] }, ['/measurements/0/bad']],
  [
    'of more anonymous than bad',
    { measurements: [{ ...measured, anonymousBad: 3 }] },
    ['/measurements/0/anonymousBad'],
  ],
  ['of ordinary candidates', { measurements: [{ ...ordinary, arm: 'candidate' }] }, ['/measurements/0/arm']],
  ['of flags in ordinary traffic', { measurements: [{ ...ordinary, subject: 'flag/a' }] }, ['/measurements/0/subject']],
  [
    'of a caller beyond 32 bits',
    { measurements: [{ ...measured, callers: [2 ** 32] }] },
    ['/measurements/0/callers/0'],
  ],
  ['of negative squares', { measurements: [{ ...measured, sumSquares: -1 }] }, ['/measurements/0/sumSquares']],
  [
    'of buckets that no sketch has',
    {
      measurements: [
        {
          ...ordinary,
          sketch: {
            zero: 0,
            buckets: [
              [99_999, 1],
              [1, 0],
            ],
          },
        },
      ],
    },
    ['/measurements/0/sketch/buckets/0/0', '/measurements/0/sketch/buckets/1/1'],
  ],
  ['of a nameless service', { instance: { ...instance, service: { key: '' } } }, ['/instance/service/key']],
  ['of an absurd revision', { instance: { ...instance, revision: 2 ** 31 } }, ['/instance/revision']],
  [
    'of a revision never applied',
    { instance: { ...instance, revisionAppliedAt: null } },
    ['/instance/revisionAppliedAt'],
  ],
  ['of no revision but its time', { instance: { ...instance, revision: null } }, ['/instance/revisionAppliedAt']],
])('refuses a batch %s', (_name, change, pointers) => {
  expect(pointersOf(() => parseTelemetryBatch({ ...aTelemetryBatch(), ...change }, now))).toEqual(pointers);
});

function pointersOf(work: () => unknown): string[] {
  try {
    work();
    return [];
  } catch (error) {
    return (error as { problems: { pointer: string }[] }).problems.map(({ pointer }) => pointer).sort();
  }
}
