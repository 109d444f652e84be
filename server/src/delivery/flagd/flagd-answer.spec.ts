import { describe, expect, it } from '@jest/globals';
import type { Evaluation, JsonValue } from '@sluice/sdk/evaluation';
import { type FlagdType, requireValue, toFlagdAnswer, toFlagdBulkAnswer } from './flagd-answer.js';

const anEvaluation = (changes: Partial<Evaluation> = {}): Evaluation => ({
  value: true,
  variant: 'on',
  reason: 'STATIC',
  flagMetadata: { team: 'growth' },
  errorCode: undefined,
  errorMessage: undefined,
  ...changes,
});

describe('the answer to one flag', () => {
  it.each<[FlagdType, JsonValue, unknown]>([
    ['boolean', false, false],
    ['string', '', ''],
    ['float', 0.5, 0.5],
    ['float', 3, 3],
    ['int', 3, 3n],
    ['int', -0, 0n],
    ['int', Number.MAX_SAFE_INTEGER, 9_007_199_254_740_991n],
    ['object', { a: [1] }, { a: [1] }],
  ])('as %s of %j is %j', (type, value, expected) => {
    expect(toFlagdAnswer('f', anEvaluation({ value }), type)).toEqual({
      value: expected,
      variant: 'on',
      reason: 'STATIC',
      metadata: { team: 'growth' },
    });
  });

  it('says what is wrong to the end, however long the key that it names', () => {
    const missing = anEvaluation({ value: undefined, reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' });
    const sentence = `There is no flag "${'k'.repeat(199)}…" in this environment.`;
    expect(() => toFlagdAnswer('k'.repeat(5_000), missing, 'boolean')).toThrow(sentence);
  });

  it.each<[FlagdType, JsonValue, string]>([
    ['boolean', 'true', 'The value of "f" is a string, not a boolean.'],
    ['string', 1, 'The value of "f" is a number, not a string.'],
    ['float', { a: 1 }, 'The value of "f" is an object, not a number.'],
    ['int', 0.5, 'The value of "f" is a number, not an integer.'],
    ['int', 2 ** 53, 'The value of "f" is a number, not an integer.'],
    ['object', [1], 'The value of "f" is a list, not an object.'],
    ['object', null, 'The value of "f" is null, not an object.'],
  ])('as %s is none of %j', (type, value, sentence) => {
    const error: unknown = expect.objectContaining({ kind: 'invalid', code: 'TYPE_MISMATCH', message: sentence });
    expect(() => toFlagdAnswer('f', anEvaluation({ value }), type)).toThrow(error);
  });

  it('has no value where the code has the default', () => {
    const disabled = anEvaluation({ value: undefined, variant: undefined, reason: 'DISABLED' });
    const answer = toFlagdAnswer('f', disabled, 'string');
    expect(answer).toEqual({ reason: 'DISABLED', metadata: { team: 'growth' } });
    expect(() => requireValue('f', answer)).toThrow(
      expect.objectContaining({ kind: 'notFound', code: 'FLAG_NOT_FOUND' }),
    );
  });

  it.each([
    ['FLAG_NOT_FOUND', 'notFound'],
    ['PARSE_ERROR', 'invalid'],
    ['TARGETING_KEY_MISSING', 'precondition'],
    ['INVALID_CONTEXT', 'precondition'],
    ['GENERAL', 'precondition'],
  ] as const)('is the error %s, which is %s', (errorCode, kind) => {
    const failed = anEvaluation({ value: undefined, errorCode, errorMessage: 'It failed.', reason: 'ERROR' });
    expect(() => toFlagdAnswer('f', failed, 'boolean')).toThrow(expect.objectContaining({ kind, code: errorCode }));
  });
});

describe('the answer to all flags', () => {
  it.each<[JsonValue | undefined, string | undefined]>([
    [true, 'boolValue'],
    ['a', 'stringValue'],
    [0, 'doubleValue'],
    [{}, 'objectValue'],
    [[], undefined],
    [null, undefined],
    [undefined, undefined],
  ])('has %j as %s', (value, name) => {
    expect(toFlagdBulkAnswer(anEvaluation({ value }))?.value).toEqual(name && { case: name, value });
  });
});
