import { describe, expect, it } from '@jest/globals';
import { aMetric, aRelease, aRollout } from '../../test/a-release.js';
import type { ReleaseView } from '../release-view.js';
import { fitScreen } from './fit-screen.js';
import { COLOURED, PLAIN } from './palette.js';
import { leastTimeLeftMs, realPart } from './progress.js';
import { isWorthALine, releaseLine } from './release-line.js';
import { renderRelease } from './render-release.js';

const now = new Date('2026-11-21T10:05:00.000Z');
const render = (release: ReleaseView): string => renderRelease(release, { now, palette: PLAIN }).join('\n');

describe('the picture of a release', () => {
  it('shows state, shares, reason, steps, evidence, figures and time', () =>
    expect(render(aRelease())).toBe(
      [
        'checkout v2 → production  attempt 1 · standard · 01a1fdd4-2af9-7012-ae48-48785083e2d8',
        '● running  step 2 of 3: 25 % asked, 20 % real',
        '  Step 2 is watched until then. [WATCHING, 10 min to go]',
        '  ✓ 5 %  ▶ 25 %  · 100 %  bake 10 min',
        '  service/checkout',
        '    failures  [#####---------------] 25 % of the limit  good',
        '      stable 41 bad of 12,034 (0.341 %) · candidate 12 bad of 3,011 (0.399 %)',
        '  began 15 min ago, 25 min to go at the least',
      ].join('\n'),
    ));

  it.each<[string, ReleaseView, string]>([
    [
      'a draft',
      aRelease({ status: 'draft', rollout: null, attempt: 0, reason: { code: 'CREATED', sentence: 'Waits.' } }),
      '● draft\n  Waits. [CREATED]\n  · 5 %  · 25 %  · 100 %  bake 10 min\n  created 16 min ago',
    ],
    [
      'laggards by name',
      aRelease({
        reason: { code: 'REACHING', sentence: '2 of 3 SDK instances serve the share; waiting for pod-7.' },
        rollout: aRollout({ phase: 'reaching', since: null }),
      }),
      '  2 of 3 SDK instances serve the share; waiting for pod-7. [REACHING]',
    ],
    [
      'the bake time, with all steps done',
      aRelease({ rollout: aRollout({ phase: 'baking', stepIndex: 2, share: 100_000 }) }),
      'baking: 100 % asked, 20 % real\n  Step 2 is watched until then. [WATCHING, 10 min to go]\n  ✓ 5 %  ✓ 25 %  ✓ 100 %',
    ],
    [
      'what is sampled of parallel runs, before anybody is served',
      aRelease({
        policy: {
          ...aRelease().policy,
          steps: [
            { share: 0, holdSeconds: 300, sampling: 100 },
            { share: 0, holdSeconds: 0, sampling: 50_000 },
            { share: 100_000, holdSeconds: 0 },
          ],
        },
        rollout: aRollout({ share: 0, metrics: [] }),
      }),
      'step 2 of 3: 50 % sampled\n  Step 2 is watched until then. [WATCHING, 10 min to go]\n' +
        '  ✓ 0.1 % sampled  ▶ 50 % sampled  · 100 %',
    ],
    [
      'evidence that is over its limit, and why',
      aRelease({
        status: 'rolledBack',
        rollout: aRollout({
          finishedAt: '2026-11-21T10:04:00.000Z',
          metrics: [aMetric({ state: 'fail', evidence: 9, sentence: 'Three times as many fail.' })],
        }),
      }),
      '    failures  [####################] 100 % of the limit  bad\n' +
        '      stable 41 bad of 12,034 (0.341 %) · candidate 12 bad of 3,011 (0.399 %)\n' +
        '      Three times as many fail.\n  took 14 min, ended 1 min ago',
    ],
    [
      'what could not be asked, apart from what is not known',
      aRelease({
        rollout: aRollout({ metrics: [anErring('latency'), { ...anErring('cpu'), state: 'inconclusive' }] }),
      }),
      '    latency  could not ask\n      Prometheus is away.\n    cpu      not known\n      Prometheus is away.',
    ],
    [
      'that a metric is only tried',
      aRelease({ rollout: aRollout({ metrics: [aMetric({ state: 'fail', dryRun: true })] }) }),
      'bad (dry run: nothing is done about it)',
    ],
    ['releases that ramped meanwhile', aRelease({ confoundedBy: ['r-2'] }), 'may also be due to r-2'],
  ])('shows %s', (_name, release, text) => expect(render(release)).toContain(text));

  it('lets no name or sentence move the cursor', () => {
    const release = aRelease({ name: 'a\u001b[2Jb', reason: { code: 'X', sentence: 'one\ntwo\u009b3A' } });
    const lines = renderRelease(release, { now, palette: PLAIN });
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/u);
    expect(lines[2]).toBe('  one two 3A [X]');
  });

  it('says that it is old while Sluice cannot be asked', () =>
    expect(
      renderRelease(aRelease(), { now, palette: PLAIN, lostSince: new Date('2026-11-21T10:04:30.000Z') }).at(-1),
    ).toContain('could not be asked for 30 s'));
});

function anErring(metric: string) {
  const { stable: _stable, candidate: _candidate, evidence: _evidence, limit: _limit, ...rest } = aMetric();
  return { ...rest, metric, state: 'error' as const, sentence: 'Prometheus is away.' };
}

describe('the real share', () => {
  it('is that since the present step was first seen', () => {
    const later = aRelease({
      rollout: aRollout({
        metrics: [aMetric({ stable: { units: 12_034 + 750 }, candidate: { units: 3_011 + 250 } })],
      }),
    });
    expect(realPart(later, aRelease())).toBe(0.25);
    expect(realPart(later, aRelease({ attempt: 2 }))).toBeCloseTo(3_261 / (12_784 + 3_261));
  });

  it('is not known without units', () => expect(realPart(aRelease({ rollout: null }))).toBeUndefined());

  it('counts each subject once, by the metric that saw most', () => {
    const metrics = [
      aMetric({ metric: 'orders', stable: { units: 10 }, candidate: { units: 10 } }),
      aMetric({ stable: { units: 90 }, candidate: { units: 10 } }),
      aMetric({ subject: 'flag/new-cart', stable: { units: 70 }, candidate: { units: 30 } }),
    ];
    expect(realPart(aRelease({ rollout: aRollout({ metrics }) }))).toBe(0.2);
  });

  it('of a parallel run is nobody’s: both arms see every input', () => {
    const metrics = [aMetric({ metric: 'equivalence', subject: 'parallel-run/price-v2' })];
    expect(realPart(aRelease({ rollout: aRollout({ metrics }) }))).toBeUndefined();
  });
});

describe('the time left', () => {
  it.each<[string, ReleaseView, number | undefined]>([
    ['is what is left of this step, and all that follows', aRelease(), 25 * 60],
    ['has the whole step while the share is on its way', aRelease({ rollout: aRollout({ since: null }) }), 30 * 60],
    ['is what is left of the bake time', aRelease({ rollout: aRollout({ phase: 'baking' }) }), 5 * 60],
    ['is not known before the start', aRelease({ rollout: null }), undefined],
  ])('%s', (_name, release, seconds) =>
    expect(leastTimeLeftMs(release, now)).toBe(seconds === undefined ? undefined : seconds * 1_000),
  );
});

describe('the log of a release', () => {
  it('has a line per look', () =>
    expect(releaseLine({ release: aRelease(), at: now })).toBe(
      '2026-11-21T10:05:00.000Z  running, step 2 of 3: 25 % asked, 20 % real  ' +
        'WATCHING: Step 2 is watched until then. (until 2026-11-21T10:15:00.000Z)',
    ));

  it.each<[string, ReleaseView, number, boolean]>([
    ['nothing moved', aRelease(), 1, false],
    ['only a sentence counted on', aRelease({ reason: { code: 'WATCHING', sentence: 'Still.' } }), 1, false],
    ['the reason is another', aRelease({ reason: { code: 'NOT_KNOWN', sentence: '' } }), 1, true],
    ['the share is another', aRelease({ rollout: aRollout({ share: 100_000 }) }), 1, true],
    ['nothing was said for five minutes', aRelease(), 5 * 60, true],
  ])('knows whether to say more when %s', (_name, release, seconds, isWorth) =>
    expect(isWorthALine({ release: aRelease(), at: now }, { release, at: new Date(+now + seconds * 1_000) })).toBe(
      isWorth,
    ),
  );
});

describe('a picture on a screen', () => {
  it('fits it, whatever colours it has', () => {
    const picture = renderRelease(aRelease({ name: 'x'.repeat(500) }), { now, palette: COLOURED });
    const lines = fitScreen(picture, { columns: 40, rows: 5 });
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line.replaceAll(/\u001b\[\d+m/gu, '').length).toBeLessThanOrEqual(39);
    // Each colour that begins ends.
    expect(lines[0]?.match(/\u001b\[1m/gu)).toHaveLength(1);
    expect(lines[0]?.match(/\u001b\[22m/gu)).not.toBeNull();
  });
});
