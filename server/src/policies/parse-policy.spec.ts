import { describe, expect, it } from '@jest/globals';
import { SluiceError } from '../kernel/errors.js';
import { applyPolicyEdit, completePolicy, parsePolicyDraft } from './parse-policy.js';
import { PRESETS } from './presets.js';

const whole = { share: 100_000 };
const draft = (document: object, more: object = {}) => ({ key: 'p', name: 'P', document, ...more });

function problemsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof SluiceError) return error.problems.map(({ pointer, code }) => `${pointer} ${code}`);
    throw error;
  }
  return [];
}

describe('a policy', () => {
  it('needs no more than its last step', () => {
    expect(completePolicy(parsePolicyDraft(draft({ steps: [whole] })), {})).toEqual({
      steps: [{ share: 100_000, holdSeconds: 0, minimumUnits: 0, gates: [] }],
      metrics: [],
      alpha: 0.01,
      bakeSeconds: 0,
      onDeadline: { afterSeconds: 86_400, action: 'hold' },
      onOutage: { afterSeconds: 300 },
      onNewer: 'supersede',
      freezeWindows: [],
      approvalsToStart: 0,
    });
  });

  it.each<[string, object, readonly string[]]>([
    ['no steps', { steps: [] }, ['/document/steps SHAPE']],
    [
      'shares that do not grow',
      { steps: [{ share: 5 }, { share: 5 }, whole] },
      ['/document/steps/1/share SHARES_NOT_GROWING'],
    ],
    [
      'a share that stays with its sampling',
      { steps: [{ share: 5, sampling: 100 }, { share: 5, sampling: 100 }, whole] },
      ['/document/steps/1/share SHARES_NOT_GROWING'],
    ],
    ['a share that stays while more is sampled', { steps: [{ share: 0 }, { share: 0, sampling: 1 }, whole] }, []],
    [
      'a certificate of nothing',
      { steps: [{ ...whole, gates: [{ kind: 'certificate', run: '' }] }] },
      ['/document/steps/0/gates/0/run SHAPE'],
    ],
    ['an end before the whole', { steps: [{ share: 50_000 }] }, ['/document/steps/0/share LAST_STEP_PARTIAL']],
    ['a share in percent', { steps: [{ share: 0.5 }, whole] }, ['/document/steps/0/share SHAPE']],
    ['a field nobody knows', { steps: [whole], pause: 3 }, ['/document/pause UNKNOWN_FIELD']],
    [
      'two metrics of one name',
      {
        steps: [whole],
        metrics: [
          { kind: 'failures', name: 'f' },
          { kind: 'failures', name: 'f' },
        ],
      },
      ['/document/metrics/1/name NAMED_TWICE'],
    ],
    [
      'a gate for a metric it has not',
      { steps: [{ ...whole, gates: [{ kind: 'analysis', metrics: ['x'] }] }] },
      ['/document/steps/0/gates/0/metrics/0 METRIC_UNKNOWN'],
    ],
    [
      'a time zone nobody knows',
      {
        steps: [whole],
        freezeWindows: [{ name: 'n', timeZone: 'Mars/Olympus', days: ['mon'], from: '10:00', to: '11:00' }],
      },
      ['/document/freezeWindows/0/timeZone SHAPE'],
    ],
    [
      'a threshold without a bound',
      {
        steps: [whole],
        metrics: [
          {
            kind: 'query',
            name: 'q',
            query: { kind: 'prometheus', address: 'http://localhost:9090', query: 'up' },
            judge: { kind: 'threshold' },
          },
        ],
      },
      ['/document/metrics/0/judge SHAPE'],
    ],
    [
      'a parameter it does not declare',
      { steps: [whole], alpha: { parameter: 'a' } },
      ['/document/alpha PARAMETER_UNKNOWN', '/document/alpha SHAPE'],
    ],
  ])('is refused with %s', (_name, document, expected) => {
    expect(problemsOf(() => parsePolicyDraft(draft(document)))).toEqual(expected);
  });

  const template = draft(
    { steps: [{ share: 1_000, holdSeconds: { parameter: 'hold' } }, whole] },
    { parameters: [{ name: 'hold', default: 60 }] },
  );

  it('is filled in with defaults, and with what a release says', () => {
    const policy = parsePolicyDraft(template);
    expect(completePolicy(policy, {}).steps[0]?.holdSeconds).toBe(60);
    expect(completePolicy(policy, { hold: 5 }).steps[0]?.holdSeconds).toBe(5);
  });

  it('takes no argument that it does not declare, and none that does not fit', () => {
    const policy = parsePolicyDraft(template);
    expect(problemsOf(() => completePolicy(policy, { hold: 'long' }))).toEqual(['/document/steps/0/holdSeconds SHAPE']);
    expect(problemsOf(() => completePolicy(policy, { hodl: 5 }))).toEqual(['/arguments/hodl PARAMETER_UNKNOWN']);
  });

  it('has no parameter that stands for nothing, and none twice', () => {
    const parameters = ['hold', 'idle', 'hold'].map((name) => ({ name, default: 60 }));
    expect(problemsOf(() => parsePolicyDraft({ ...template, parameters }))).toEqual([
      '/parameters/1 PARAMETER_UNUSED',
      '/parameters/2/name NAMED_TWICE',
    ]);
    const edit = { document: { steps: [whole] } };
    expect(problemsOf(() => applyPolicyEdit(parsePolicyDraft(template), edit))).toEqual([
      '/parameters/0 PARAMETER_UNUSED',
    ]);
  });

  it('keeps in an edit what the edit does not say', () => {
    const before = parsePolicyDraft({ ...template, description: 'kept' });
    expect(applyPolicyEdit(before, { name: 'Q' })).toEqual({ ...before, name: 'Q' });
    expect(problemsOf(() => applyPolicyEdit(before, { parameters: [] }))).toContain(
      '/document/steps/0/holdSeconds PARAMETER_UNKNOWN',
    );
  });
});

it('gives presets that anybody could have written', () => {
  for (const { key, name, document } of PRESETS)
    expect(problemsOf(() => parsePolicyDraft({ key, name, document }))).toEqual([]);
});
