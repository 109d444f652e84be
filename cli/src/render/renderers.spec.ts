import { describe, expect, it } from '@jest/globals';
import { aMetric, aRelease, aRollout } from '../../test/a-release.js';
import { readXml } from '../../test/read-xml.js';
import { CommandError } from '../command-error.js';
import { type Outcome, outcomeOf, outcomeOfError } from '../outcome.js';
import { formatDuration, formatTable } from './format.js';
import { renderJunit } from './render-junit.js';
import { type PlanView, renderPlan } from './render-plan.js';
import { renderSummary } from './render-summary.js';

const NASTY = 'a "b" <c> & \'d\' | `e`\nnext \u0000\u0008\ud800 ]]> *f*';
const rolledBack = outcomeOf(
  aRelease({
    name: NASTY,
    status: 'rolledBack',
    reason: { code: 'EVIDENCE_BAD', sentence: NASTY },
    rollout: aRollout({
      finishedAt: '2026-11-21T10:04:00.500Z',
      metrics: [
        aMetric({ state: 'fail', sentence: NASTY }),
        aMetric({ metric: 'latency', state: 'error' }),
        aMetric({ metric: 'orders', state: 'inconclusive' }),
        aMetric({ metric: 'cpu', state: 'fail', dryRun: true }),
        aMetric({ metric: 'memory' }),
      ],
    }),
  }),
  { isReachable: true },
);

describe('a JUnit report', () => {
  it('has a case for the release and one for every metric of a subject', () => {
    const { name, attributes, children } = readXml(renderJunit(rolledBack));
    expect([name, attributes['tests'], attributes['failures'], attributes['errors'], attributes['skipped']]).toEqual([
      'testsuites',
      '6',
      '2',
      '1',
      '2',
    ]);
    const cases = children[0]?.children ?? [];
    expect(
      cases.map((each) => [each.attributes['classname'], each.attributes['name'], each.children[0]?.name]),
    ).toEqual([
      ['release', NASTY.replaceAll(/[\u0000\u0008\ud800]/gu, '\uFFFD'), 'failure'],
      ['service/checkout', 'failures', 'failure'],
      ['service/checkout', 'latency', 'error'],
      ['service/checkout', 'orders', 'skipped'],
      ['service/checkout', 'cpu', 'skipped'],
      ['service/checkout', 'memory', undefined],
    ]);
    expect(cases[0]?.attributes['time']).toBe('840.5');
    expect(cases[0]?.children[0]?.attributes).toMatchObject({ type: 'EVIDENCE_BAD' });
  });

  it.each<[string, Outcome, string | undefined]>([
    ['passes when it was released', outcomeOf(aRelease({ status: 'released' }), { isReachable: true }), undefined],
    ['is in error when the time was up', outcomeOf(aRelease(), { isReachable: true }), 'error'],
    ['is in error when nobody could be asked', outcomeOf(aRelease(), { isReachable: false }), 'error'],
    [
      'is skipped when it was superseded',
      outcomeOf(aRelease({ status: 'superseded' }), { isReachable: true }),
      'skipped',
    ],
    ['failed when it was refused', outcomeOfError(new CommandError(6, 'Frozen.')), 'failure'],
  ])('%s', (_name, outcome, kind) =>
    expect(readXml(renderJunit(outcome)).children[0]?.children[0]?.children[0]?.name).toBe(kind),
  );
});

describe('a summary', () => {
  it('has steps, metrics and the verdict as tables that nothing breaks', () => {
    const summary = renderSummary(rolledBack);
    expect(summary).toContain('## ❌ a "b" &lt;c&gt; &amp; \'d\' \\| \\`e\\` next');
    expect(summary).toContain(
      '| 1 | 5 % | 10 min | done |\n| 2 | 25 % | 15 min | step 2 of 3: 25 % asked, 20 % real |',
    );
    const rows = summary.split('\n').filter((line) => line.startsWith('| service/checkout'));
    expect(rows).toHaveLength(5);
    // Six cells each: what divides them is not escaped.
    for (const row of rows) expect(row.match(/(?<!\\)\|/gu)).toHaveLength(7);
  });

  it('of a release that was not made says why', () =>
    expect(renderSummary(outcomeOfError(new CommandError(6, 'Frozen (*night*).')))).toBe(
      '## ⚠️ Release not made\n\nFrozen (\\*night\\*).\n',
    ));
});

describe('a plan', () => {
  const plan: PlanView = {
    policy: { key: 'standard', version: 0 },
    environment: 'production',
    subject: 'service/checkout',
    traffic: { unitsPerMinute: 1_200, badRate: 0.01, source: 'history' },
    steps: [
      {
        share: 5_000,
        minutes: 10,
        metrics: [
          {
            metric: 'failures',
            minutesToDetect: [
              { ratio: 1.5, minutes: null },
              { ratio: 2, minutes: 45 },
            ],
            detectableRatio: 3.217,
            sentence: 'A 2× rise needs 45 min.',
          },
        ],
        warnings: ['Too short.'],
      },
      { share: 100_000, minutes: null, metrics: [], warnings: [] },
    ],
    metrics: [
      {
        metric: 'failures',
        ramp: [
          { ratio: 1.5, chance: 0.12, medianMinutes: null },
          { ratio: 2, chance: 0.9, medianMinutes: 20 },
        ],
        warnings: [],
      },
    ],
    totalMinutes: 70,
    warnings: ['Bursts.'],
  };

  it('has a table of the steps, one of the whole ramp, and all that is said', () =>
    expect(renderPlan(plan)).toEqual([
      'standard in production, service/checkout: 1,200 units per minute, 1 % bad (history)',
      'It takes 1 h 10 min.',
      '',
      'STEP  SHARE  LASTS   METRIC    1.5×   2×      SEES FROM',
      '1     5 %    10 min  failures  never  45 min  3.22×',
      '2     100 %  never',
      '',
      'WHOLE RAMP  1.5×  2×',
      'failures    12 %  90 %, 20 min',
      '',
      'Step 1, failures: A 2× rise needs 45 min.',
      'Step 1: Too short.',
      '',
      'Bursts.',
    ]));

  it('of a policy that samples parallel runs says how much of them at which step', () => {
    const steps = plan.steps.map((step, index) => ({ ...step, sampling: [100, 50_000][index] ?? 0 }));
    expect(renderPlan({ ...plan, steps }).slice(3, 6)).toEqual([
      'STEP  SHARE  SAMPLED  LASTS   METRIC    1.5×   2×      SEES FROM',
      '1     5 %    0.1 %    10 min  failures  never  45 min  3.22×',
      '2     100 %  50 %     never',
    ]);
    const none = plan.steps.map((step) => ({ ...step, sampling: 0 }));
    expect(renderPlan({ ...plan, steps: none })).toEqual(renderPlan(plan));
  });

  it('of a policy without metrics has nothing to see', () =>
    expect(renderPlan({ ...plan, steps: plan.steps.slice(1), metrics: [], totalMinutes: null, warnings: [] })).toEqual([
      'standard in production, service/checkout: 1,200 units per minute, 1 % bad (history)',
      'It takes until somebody ends a step.',
      '',
      'STEP  SHARE  LASTS  METRIC  SEES FROM',
      '1     100 %  never',
    ]));
});

describe('the parts of texts', () => {
  it.each([
    [0, '0 s'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [3_599_000, '1 h 00 min'],
    [3_900_000, '1 h 05 min'],
    [183_600_000, '2 d 3 h'],
    [-5, '0 s'],
  ])('give %i ms as "%s"', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('align columns, and keep every row on its line', () =>
    expect(
      formatTable([
        ['A', 'B'],
        ['long', 'x\ny'],
        ['', '1'],
      ]),
    ).toEqual(['A     B', 'long  x y', '      1']));
});
