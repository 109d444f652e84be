import { describe, expect, it } from '@jest/globals';
import type { Evaluation } from '@sluice/sdk/evaluation';
import { toOfrepAnswer } from './ofrep-answer.js';

const anEvaluation = (parts: Partial<Evaluation> = {}): Evaluation => ({
  value: true,
  variant: 'on',
  reason: 'STATIC',
  flagMetadata: {},
  errorCode: undefined,
  errorMessage: undefined,
  ...parts,
});
const answer = (parts: Partial<Evaluation>): [number, unknown] => {
  const { status, json } = toOfrepAnswer('f', anEvaluation(parts));
  return [status, JSON.parse(json)];
};

describe('toOfrepAnswer', () => {
  it('words a value', () => {
    expect(answer({})).toEqual([200, { key: 'f', value: true, reason: 'STATIC', variant: 'on' }]);
  });

  it('leaves out the value where the code has the default', () => {
    expect(answer({ value: undefined, variant: undefined, reason: 'DISABLED' })).toEqual([
      200,
      { key: 'f', reason: 'DISABLED' },
    ]);
  });

  it('shows metadata that clients can take, and nothing else', () => {
    const flagMetadata = { team: 'x', n: 1, b: false, odd: null as never, deep: {} as never };
    expect(answer({ flagMetadata })[1]).toMatchObject({ metadata: { team: 'x', n: 1, b: false } });
  });

  it.each<[NonNullable<Evaluation['errorCode']>, number, string]>([
    ['FLAG_NOT_FOUND', 404, 'FLAG_NOT_FOUND'],
    ['TARGETING_KEY_MISSING', 400, 'TARGETING_KEY_MISSING'],
    ['INVALID_CONTEXT', 400, 'INVALID_CONTEXT'],
    ['PARSE_ERROR', 400, 'PARSE_ERROR'],
    ['GENERAL', 400, 'GENERAL'],
  ])('words %s with status %i', (errorCode, status, code) => {
    const failed = { value: undefined, variant: undefined, reason: 'ERROR', errorCode, errorMessage: 'why' } as const;
    expect(answer(failed)).toEqual([status, { key: 'f', errorCode: code, errorDetails: 'why' }]);
  });

  it('gives each unknown key its own name, though they share one evaluation', () => {
    const missing = anEvaluation({ value: undefined, errorCode: 'FLAG_NOT_FOUND' });
    expect([toOfrepAnswer('a', missing).json, toOfrepAnswer('b', missing).json]).toEqual([
      expect.stringContaining('"a"'),
      expect.stringContaining('"b"'),
    ]);
  });
});
