import { describe, expect, it } from '@jest/globals';
import { aCandidate, anAssessment, aPlacedRun, aSignature } from '../../test/a-parallel-run.js';
import type { PlacedRunView } from '../parallel-run-view.js';
import { COLOURED, PLAIN } from './palette.js';
import { renderPrice, renderRules } from './render-rules.js';
import { renderRuns } from './render-runs.js';
import { renderSettings } from './render-settings.js';
import { renderStanding } from './render-standing.js';

const now = new Date('2026-11-21T10:00:00.000Z');
const picture = (placed: PlacedRunView): readonly string[] => renderStanding(placed, { now, palette: PLAIN });

describe('a run in an environment', () => {
  it('is shown with its evidence against its limits, and all that is known of it', () => {
    const strata = [
      { stratum: 'JPY', n: 120, x: 1, minimum: 200, interval: [0.0001, 0.05] as const },
      { stratum: 'EUR', n: 1_692, x: 0, minimum: 0, interval: [0, 0.004] as const },
    ];
    const lacks = [...anAssessment().lacks, 'Only 120 of the 200 inputs of JPY that are asked for were compared.'];
    const assessment = anAssessment({ strata, lacks });
    expect(picture(aPlacedRun({ candidates: [aCandidate({ assessment, signatures: [aSignature()] })] }))).toEqual([
      'price-v2 in production  5 % of calls sampled · epoch 2',
      '● not known yet  candidate: v7 → v8',
      '  0 of 812 inputs came out unequal: not enough to certify. 3700 more, all equal, would do.',
      '  Only 120 of the 200 inputs of JPY that are asked for were compared.',
      '  equal     [####----------------] 20 % of the limit',
      '  unequal   [--------------------] 0 % of the limit',
      '  inputs    0 of 812 unequal; less than 0.1 % is asked for',
      '  interval  0 % to 0.47 % of all inputs are unequal (95 %, whenever it is looked at)',
      "  latency   1.02 × the control's time, at most 1.09 ×; 1.10 × is allowed (880 calls): good",
      '  answers   3 of 900 not in time; less than 1 % is asked for: not known yet',
      '  noise     of 16 calls with the control repeated, the candidate alone differed in 2, the repetition alone in 1: excess 6.25 %, p = 0.5',
      '  coverage  12 structures of inputs; the next input has a new one with a chance of 0.3 %',
      '  calls     900 sampled: 890 equal, 7 unequal only where a rule ignores it, 3 without an answer in time',
      '  cost      0.1 ms added to a sampled call, at most 0.812 ms; the event loop was late by at most 2 ms',
      '  STRATUM  UNEQUAL     INTERVAL       ASKED FOR',
      '  JPY      1 of 120    0.01 % to 5 %  200 (80 to go)',
      '  EUR      0 of 1,692  0 % to 0.4 %',
      '  differences',
      '  1. $.items[*].price  value: rounding  00000000000000a1',
      '     50 unequal, 12.35 more than noise explains, which showed it 1 × · first seen in v8 · last 3 min ago · JPY 40, (no stratum) 10',
      '     numbers are apart by at most 0.01 (0.1 %, 1,000 ulps)',
      '     2026-11-21T09:59:00.000Z  JPY  trace 0af7651916cd43dd',
      '       $.items[0].price  #00112233445566aa → 12.5',
      '       $.total  "a [2J" → (absent)',
    ]);
  });

  it('is certified by a full bar alone, and names its certificate', () => {
    const equivalence = { ...anAssessment().equivalence, logCertificate: 2.999 };
    const sentence = 'Unequal in less than 0.1 % of inputs.';
    const certified = anAssessment({ finding: 'certified', sentence, lacks: [], equivalence });
    const certificate = {
      ...{ id: 'c', candidate: 'candidate', controlVersion: 'v7', candidateVersion: '' },
      ...{ at: '2026-11-21T09:00:00.000Z', statement: { assessment: certified } },
    };
    const { total } = aCandidate();
    const candidate = aCandidate({ assessment: certified, certificate, total: { ...total, candidateVersion: '' } });
    expect(picture(aPlacedRun({ candidates: [candidate] })).slice(1, 4)).toEqual([
      '● certified  candidate: v7 → (no version)  certificate of 2026-11-21T09:00:00.000Z',
      '  Unequal in less than 0.1 % of inputs.',
      '  equal     [###################-] 100 % of the limit',
    ]);
    const reached = { ...certified, equivalence: { ...equivalence, logCertificate: 40 } };
    expect(picture(aPlacedRun({ candidates: [aCandidate({ assessment: reached })] })).slice(1, 5)).toEqual([
      '● not known yet  candidate: v7 → v8',
      '  Unequal in less than 0.1 % of inputs.',
      '  No certificate stands: it is about to be issued, or newer versions were heard of.',
      '  equal     [####################] 100 % of the limit',
    ]);
    const shedding = anAssessment({ lacks: ['Of 9 sampled calls 7 say nothing.'] });
    const since = { ...candidate, assessment: shedding };
    expect(picture(aPlacedRun({ candidates: [since] })).slice(1, 4)).toEqual([
      '● certified  candidate: v7 → (no version)  certificate of 2026-11-21T09:00:00.000Z',
      '  Unequal in less than 0.1 % of inputs.',
      '  Since then: Of 9 sampled calls 7 say nothing.',
    ]);
  });

  it('says what is not known, and what is not judged', () => {
    const candidate = aCandidate({
      total: {
        ...aCandidate().total,
        sums: { verdicts: {}, overhead: { n: 0, addedMs: 0, maxAddedMs: 0, maxLoopDelayMs: 0 }, unsigned: 7 },
      },
      assessment: anAssessment({
        latency: null,
        noise: { n: 0, b: 0, c: 0, excess: null, p: null },
        coverage: { shapes: 1, unseen: null },
      }),
    });
    const text = picture(aPlacedRun({ candidates: [candidate] })).join('\n');
    expect(text).toMatch(/latency +not judged\n/u);
    expect(text).toMatch(/noise +the control was not repeated yet\n/u);
    expect(text).toMatch(/coverage +1 structure of inputs\n/u);
    expect(text).toMatch(/calls +none\n/u);
    expect(text).toMatch(/cost +not known yet\n/u);
    expect(text).toMatch(/unsigned +7 unequal calls found no room/u);
    const timed = anAssessment({ latency: { n: 80, ratio: 1, upper: null, limit: 1.1, state: 'pending' } });
    expect(picture(aPlacedRun({ candidates: [aCandidate({ assessment: timed })] })).join('\n')).toContain(
      '80 calls timed, too few to tell',
    );
  });

  it('that is refuted says nothing of what else is missing', () => {
    const assessment = anAssessment({
      finding: 'refuted',
      sentence: 'Too unequal.',
      lacks: ['Too unequal.', '9 more.'],
    });
    const text = picture(aPlacedRun({ candidates: [aCandidate({ assessment })] })).join('\n');
    expect(text).toContain('● refuted  candidate: v7 → v8\n  Too unequal.\n  equal ');
  });

  it('shows the first five signatures, and says how to see the others', () => {
    const places = [
      { path: '$.a', kind: 'type', transition: 'string to number' },
      { path: '$.b', kind: 'missing', transition: 'number' },
    ];
    const signatures = [aSignature({ places, isCut: true, twins: 0, maxDelta: null }), ...Array<never>(6)].map(
      (each = aSignature()) => each,
    );
    const lines = picture(aPlacedRun({ candidates: [aCandidate({ signatures })] }));
    expect(lines.filter((line) => /^ {2}\d\. /u.test(line))).toHaveLength(5);
    expect(lines.at(-1)).toBe('  and 2 more: sluice parallel-run signatures price-v2 production');
    const first = lines.findIndex((line) => line.startsWith('  1. '));
    expect(lines.slice(first, first + 4)).toEqual([
      '  1. $.a  type: string to number  00000000000000a1',
      '     $.b  missing: number',
      '     and more places',
      '     50 unequal, no noise seen · first seen in v8 · last 3 min ago · JPY 40, (no stratum) 10',
    ]);
  });

  it('with nothing compared says how to begin', () => {
    expect(picture(aPlacedRun({ share: 0, candidates: [], epoch: 1 }))).toEqual([
      'price-v2 in production  not sampled · epoch 1',
      '  Nothing was compared since this epoch began.',
      '  Sample it: sluice parallel-run start price-v2 production --wait',
    ]);
    expect(picture(aPlacedRun({ candidates: [] }))).toHaveLength(2);
  });

  it.each([
    ['refuted', '31'],
    ['undecided', '33'],
  ] as const)('is %s in its colour', (finding, colour) => {
    const candidates = [aCandidate({ assessment: anAssessment({ finding }) })];
    const lines = renderStanding(aPlacedRun({ candidates }), { now, palette: COLOURED });
    expect(lines[1]).toMatch(new RegExp(`^\\u001b\\[${colour}m●`, 'u'));
  });
});

describe('a list of runs', () => {
  it('has a row for each candidate in each environment, and one for a run that is off', () => {
    const pair = { candidate: 'candidate', controlVersion: 'v7', candidateVersion: 'v8' };
    const run = { name: '', owner: 'checkout', dueAt: '2027-03-01T00:00:00.000Z' };
    expect(
      renderRuns([
        {
          ...{ ...run, key: 'price-v2' },
          environments: {
            production: {
              share: 5_000,
              epoch: 2,
              candidates: [
                { ...pair, finding: 'certified', n: 4_512, x: 0 },
                { ...pair, candidate: 'other', finding: 'refuted', n: 500, x: 50 },
              ],
            },
            staging: { share: 100_000, epoch: 1, candidates: [] },
            test: { share: 0, epoch: 1, candidates: [] },
          },
        },
        {
          ...run,
          key: 'tax',
          owner: null,
          dueAt: null,
          environments: { test: { share: 0, epoch: 1, candidates: [] } },
        },
      ]),
    ).toEqual([
      'KEY       ENVIRONMENT  SAMPLED  CANDIDATE  VERSIONS  FINDING           UNEQUAL     OWNER     DUE',
      'price-v2  production   5 %      candidate  v7 → v8   certified         0 of 4,512  checkout  2027-03-01',
      'price-v2  production   5 %      other      v7 → v8   refuted           50 of 500   checkout  2027-03-01',
      'price-v2  staging      100 %                         nothing compared              checkout  2027-03-01',
      'tax                    0 %',
    ]);
  });
});

describe('settings', () => {
  it('are shown by the options that set them', () => {
    const { demand, runner } = aPlacedRun();
    const strata = [
      { stratum: 'JPY', minimum: 200 },
      { stratum: 'EUR', minimum: 5_000 },
    ];
    expect(
      renderSettings(
        aPlacedRun({
          demand: { ...demand, latencyMargin: null, strata },
          runner: { ...runner, deadlineMs: 60_000, serve: { flag: 'new-pricing', variation: 'on' }, rawPaths: ['$.a'] },
        }),
      ),
    ).toEqual([
      'sampled                 5 %',
      'epoch                   2',
      '--tolerance             0.1 %',
      '--alpha                 5 %',
      '--alpha-kill            1 %',
      '--unanswered-tolerance  1 %',
      '--latency-margin        none',
      '--stratum               JPY=200, EUR=5,000',
      '--bucket-by             none: targetingKey',
      '--twins                 2 %',
      '--deadline              1 min',
      '--max-concurrent        10',
      '--added-time            1 ms',
      '--loop-delay            50 ms',
      '--window                1 h 00 min',
      '--serve                 new-pricing:on',
      '--raw-path              $.a',
    ]);
  });
});

describe('rules', () => {
  const owned = { id: 'r1', owner: 'checkout', reason: 'It rounds.', expiresAt: null };

  it('are listed with whose they are', () =>
    expect(
      renderRules([
        { ...owned, kind: 'tolerance', path: '$.a', absolute: 0.005, relative: 0.001, ulps: 2 },
        { ...owned, id: 'r2', kind: 'date', path: '$.at', withinMs: 90_000, expiresAt: '2027-01-31T00:00:00.000Z' },
        { ...owned, id: 'r3', kind: 'keyedBy', path: '$.items', field: 'sku' },
        { ...owned, id: 'r4', kind: 'date', path: '$.at', withinMs: 5 },
      ]),
    ).toEqual([
      'ID  RULE                                        OWNER     EXPIRES     REASON',
      'r1  tolerance at $.a: 0.005 or 0.1 % or 2 ulps  checkout  never       It rounds.',
      'r2  date at $.at: 2 min                         checkout  2027-01-31  It rounds.',
      'r3  keyedBy at $.items: sku                     checkout  never       It rounds.',
      'r4  date at $.at: 5 ms                          checkout  never       It rounds.',
    ]));

  it('are priced by what they would hide, signature by signature', () => {
    const { candidate, id, places, isCut, n, twins, excess } = aSignature();
    const priced = { candidate, id, places, isCut, n, twins, excess, coverage: 'all' as const };
    const more = [...places, { path: '$.total', kind: 'value', transition: 'rounding' }];
    const signatures = [
      priced,
      { ...priced, id: '00000000000000b2', places: more, isCut: true, n: 1_200, coverage: 'some' as const },
    ];
    expect(
      renderPrice({ kind: 'ignore', path: '$.items' }, { hidden: 50, partly: 1_200, mismatches: 1_400, signatures }),
    ).toEqual([
      'ignore at $.items: it would hide 50 of 1,400 mismatches (3.57 %), and something of 1,200 more.',
      'SIGNATURE         UNEQUAL  NOISE  EXCESS  HIDDEN   WHERE',
      '00000000000000a1  50       1      12      whole    $.items[*].price  value: rounding',
      '00000000000000b2  1,200    1      12      in part  $.items[*].price  value: rounding',
      '                                                   $.total  value: rounding',
      '                                                   and more places',
    ]);
  });

  it.each([
    [{ hidden: 0, partly: 0, mismatches: 9 }, 'it would hide 0 of 9 mismatches.'],
    [
      { hidden: 0, partly: 0, mismatches: 0 },
      'no mismatches were found in this epoch, so what it would hide is not known.',
    ],
  ])('of %j say so in a sentence alone', (price, words) =>
    expect(renderPrice({ kind: 'unordered', path: '$.a' }, { ...price, signatures: [] })).toEqual([
      `unordered at $.a: ${words}`,
    ]),
  );
});
