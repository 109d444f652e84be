import { describe, expect, it } from '@jest/globals';
import { readPolicy, sharesLine } from './policy-document.js';

describe('a policy as it reads', () => {
  it('has the defaults of what is left out', () => {
    expect(readPolicy({ steps: [{ share: 100_000 }] })).toEqual({
      steps: [{ share: 100_000, sampling: 0, holdSeconds: 0, minimumUnits: 0, gates: [] }],
      metrics: [],
      alpha: 0.01,
      bakeSeconds: 0,
      deadline: { afterSeconds: 86_400, action: 'hold' },
      outageSeconds: 300,
      onNewer: 'supersede',
      freezeWindows: [],
      approvalsToStart: 0,
      maxOverdueFlags: undefined,
      leastSecondsToFull: 0,
    });
  });

  it('carries sampling on, names gates and metrics, and adds up holds before 100 %', () => {
    const read = readPolicy({
      steps: [
        {
          share: 0,
          sampling: 500,
          holdSeconds: 60,
          gates: [{ kind: 'certificate' }, { kind: 'approval', approvals: 2 }],
        },
        { share: 10_000, holdSeconds: 30, gates: [{ kind: 'analysis', metrics: ['a', 'b'] }] },
        { share: 100_000, holdSeconds: 500 },
      ],
      metrics: [
        { kind: 'slow', name: 'p', duration: 'checkout', slowerThanMs: 300, dryRun: true },
        { kind: 'query', name: 'q', query: { kind: 'prometheus' }, margin: 0.1 },
      ],
    });
    expect(read.steps.map(({ sampling, gates }) => [sampling, gates.map(({ kind, of }) => `${kind} ${of}`)])).toEqual([
      [500, ['certificate ', 'approval 2']],
      [500, ['analysis a, b']],
      [500, []],
    ]);
    expect(read.metrics).toEqual([
      { name: 'p', kind: 'slow', of: 'checkout', slowerThanMs: 300, dryRun: true, margin: 0 },
      { name: 'q', kind: 'query', of: 'prometheus', slowerThanMs: undefined, dryRun: false, margin: 0.1 },
    ]);
    expect(read.leastSecondsToFull).toBe(90);
    expect(sharesLine(read)).toBe('0 → 10 → 100 %');
  });

  it('fills in arguments, else defaults', () => {
    const document = {
      steps: [{ share: 100_000, holdSeconds: { parameter: 'hold' } }],
      bakeSeconds: { parameter: 'bake' },
    };
    const parameters = [
      { name: 'hold', default: 60 },
      { name: 'bake', default: 5 },
    ];
    const read = readPolicy(document, parameters, { hold: 120 });
    expect([read.steps[0]?.holdSeconds, read.bakeSeconds]).toEqual([120, 5]);
  });

  it.each([null, 'text', { steps: 'many' }, { steps: [null, { share: 'all', gates: [7] }], metrics: [0] }])(
    'never breaks on %j',
    (document) => {
      expect(() => readPolicy(document, document)).not.toThrow();
    },
  );
});
