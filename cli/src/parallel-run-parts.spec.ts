import { describe, expect, it } from '@jest/globals';
import { aPlacedRun } from '../test/a-parallel-run.js';
import { aScreen } from '../test/a-screen.js';
import { answerOfLack } from './certificate-answer.js';
import { CommandError } from './command-error.js';
import { type RuleWords, toRuleEffect } from './comparison-rule.js';
import { type SettingsWords, toSettingsEdit } from './parallel-run-settings.js';
import { parseInstant } from './parse-instant.js';
import { parseRate } from './parse-rate.js';
import { runCommand } from './run-command.js';

const usageError = (words: string): unknown =>
  expect.objectContaining({ exitCode: 2, message: expect.stringContaining(words) });

it.each([
  ['0.1%', 0.001],
  ['0.7 %', 0.007],
  ['5%', 0.05],
  ['0%', 0],
  ['100%', 1],
  ['0.1', undefined],
  ['-1%', undefined],
  ['.5%', undefined],
  ['half', undefined],
  ['', undefined],
])('reads the rate "%s"', (text, rate) => expect(parseRate(text)).toBe(rate));

it.each([
  ['2027-01-31', '2027-01-31T00:00:00Z'],
  ['2027-01-31T12:00:00+01:00', '2027-01-31T12:00:00+01:00'],
  ['soon', 'soon'],
])('reads the instant "%s"', (text, instant) => expect(parseInstant(text)).toBe(instant));

describe('settings', () => {
  const { budget } = aPlacedRun().runner;
  const edit = (words: Partial<SettingsWords>): object =>
    toSettingsEdit({ stratum: [], rawPath: [], ...words }, budget);

  it.each<[string, Partial<SettingsWords>, object]>([
    ['nothing', {}, {}],
    [
      'rates as percentages',
      { tolerance: '0.1%', alpha: '5%', alphaKill: '1%', unansweredTolerance: '2%', latencyMargin: '10%' },
      { demand: { tolerance: 0.001, alpha: 0.05, alphaKill: 0.01, unansweredTolerance: 0.02, latencyMargin: 0.1 } },
    ],
    ['time that is not judged', { latencyMargin: 'none' }, { demand: { latencyMargin: null } }],
    [
      'strata, whatever their names hold',
      { stratum: ['JPY=200', 'a=b=1', 'none=3'] },
      {
        demand: {
          strata: [
            { stratum: 'JPY', minimum: 200 },
            { stratum: 'a=b', minimum: 1 },
            { stratum: 'none', minimum: 3 },
          ],
        },
      },
    ],
    ['no strata', { stratum: ['none'] }, { demand: { strata: [] } }],
    [
      'bounds',
      { twins: '2%', deadline: 500, maxConcurrent: 3, window: 60_000, bucketBy: 'none' },
      { runner: { twinShare: 2_000, deadlineMs: 500, maxConcurrent: 3, windowSeconds: 60, bucketBy: null } },
    ],
    ['one half of a budget', { addedTime: 4 }, { runner: { budget: { addedMs: 4, loopDelayMs: 50 } } }],
    ['the other half', { loopDelay: 9 }, { runner: { budget: { addedMs: 1, loopDelayMs: 9 } } }],
    ['who serves', { serve: 'new-pricing:on' }, { runner: { serve: { flag: 'new-pricing', variation: 'on' } } }],
    ['that nobody serves', { serve: 'none' }, { runner: { serve: null } }],
    ['raw paths', { rawPath: ['$.a', '$.b'] }, { runner: { rawPaths: ['$.a', '$.b'] } }],
    ['no raw paths', { rawPath: ['none'] }, { runner: { rawPaths: [] } }],
    ['both', { tolerance: '1%', bucketBy: 'id' }, { demand: { tolerance: 0.01 }, runner: { bucketBy: 'id' } }],
  ])('say %s', (_name, words, expected) => expect(edit(words)).toEqual(expected));

  it.each<[string, Partial<SettingsWords>, string]>([
    ['a rate without its sign', { tolerance: '0.1' }, '--tolerance 0.1: say a percentage with its sign'],
    ['a margin that is no number', { latencyMargin: 'no' }, '--latency-margin no'],
    ['twins above all', { twins: '101%' }, '--twins 101%'],
    ['a stratum without a count', { stratum: ['JPY'] }, 'JPY=200'],
    ['a stratum of half an input', { stratum: ['JPY=0.5'] }, 'JPY=200'],
    ['one none among several', { stratum: ['none', 'JPY=1'] }, '--stratum none'],
    ['a flag without a variation', { serve: 'new-pricing' }, 'new-pricing:on'],
  ])('are refused as usage with %s', (_name, words, message) => expect(() => edit(words)).toThrow(usageError(message)));
});

describe('a rule', () => {
  const at = { kind: 'tolerance', path: '$.a' };

  it.each<[RuleWords, object]>([
    [at, at],
    [
      { ...at, absolute: '0.005', relative: '0.1%', ulps: 4 },
      { ...at, absolute: 0.005, relative: 0.001, ulps: 4 },
    ],
    [
      { ...at, absolute: '1e-9' },
      { ...at, absolute: 1e-9 },
    ],
    [
      { kind: 'date', path: '$.at', within: 2_000 },
      { kind: 'date', path: '$.at', withinMs: 2_000 },
    ],
    [
      { kind: 'keyedBy', path: '$.items', field: 'sku' },
      { kind: 'keyedBy', path: '$.items', field: 'sku' },
    ],
  ])('of %j is %j', (words, effect) => expect(toRuleEffect(words)).toEqual(effect));

  it.each<[Partial<RuleWords>, string]>([
    [{ absolute: 'x' }, '--absolute x'],
    [{ absolute: '-1' }, '--absolute -1'],
    [{ absolute: '' }, '--absolute'],
    [{ relative: '0.1' }, '--relative 0.1: say a percentage'],
  ])('with %j is refused as usage', (words, message) =>
    expect(() => toRuleEffect({ ...at, ...words })).toThrow(usageError(message)),
  );
});

describe('the lack of a certificate', () => {
  const lack = (code: string, more: object = {}): unknown =>
    answerOfLack(
      new CommandError(2, 'There is none.', { problem: { status: 404, code, detail: 'There is none.', ...more } }),
    );

  it.each<[string, object, object]>([
    ['refuted', { finding: 'refuted', lacks: [] }, { exitCode: 3, finding: 'refuted' }],
    ['undecided', { finding: 'undecided', lacks: [] }, { exitCode: 4, finding: 'undecided' }],
    ['certified a moment ago', { finding: 'certified', lacks: [] }, { exitCode: 4, finding: 'undecided' }],
    ['never compared', {}, { exitCode: 4, finding: 'undecided' }],
  ])('of a candidate that is %s is told', (_name, more, expected) =>
    expect(lack('CERTIFICATE_NOT_FOUND', more)).toEqual({
      ...expected,
      sentences: ['There is none.'],
      certificate: null,
    }),
  );

  it('is not what any other error means', () => {
    expect(lack('PARALLEL_RUN_NOT_FOUND')).toBeUndefined();
    expect(answerOfLack(new Error('x'))).toBeUndefined();
  });
});

it('tells mistakes and help of commands however deep, where the command runs', async () => {
  const { terminal, text } = aScreen();
  expect(await runCommand(['parallel-run', 'rules', 'add', '--help'], terminal)).toBe(0);
  expect(text()).toContain('Usage: sluice parallel-run rules add [options] <run> <environment> <kind> <path>');
  const words = ['parallel-run', 'rules', 'price', 'price-v2', 'production', 'forget', '$'];
  expect(await runCommand(words, terminal)).toBe(2);
  expect(text()).toContain("'forget' is invalid for argument 'kind'. Allowed choices are ignore, tolerance");
});
