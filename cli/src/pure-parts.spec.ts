import { describe, expect, it } from '@jest/globals';
import { CommandError, errorDocument, explainError } from './command-error.js';
import { parseDuration } from './parse-duration.js';
import { parseShare } from './parse-share.js';
import { retryDelayMs } from './retry-delay.js';
import { apiPath } from './session.js';

it.each([
  ['90s', 90_000],
  ['15m', 900_000],
  ['2h', 7_200_000],
  ['1.5d', 129_600_000],
  ['500ms', 500],
  ['0s', 0],
  ['15', undefined],
  ['-1s', undefined],
  ['1 week', undefined],
  ['', undefined],
])('reads the duration "%s"', (text, ms) => expect(parseDuration(text)).toBe(ms));

it.each([
  ['25', 25_000],
  ['25%', 25_000],
  ['0.125 %', 125],
  ['100', 100_000],
  ['100.001', undefined],
  ['0.0001', undefined],
  ['-1', undefined],
  ['half', undefined],
])('reads the share "%s"', (text, share) => expect(parseShare(text)).toBe(share));

describe('the path of something in the API', () => {
  it('escapes names', () => expect(apiPath('flags', 'a/../b', 'ü?')).toBe('/api/v1/flags/a%2F..%2Fb/%C3%BC%3F'));

  it.each(['', '.', '..'])('cannot be made of "%s", which would lead elsewhere', (name) => {
    expect(() => apiPath('projects', 'shop', 'flags', name)).toThrow(`"${name}" is no name`);
  });
});

describe('the pause before asking again', () => {
  it('doubles up to five seconds, with half of it drawn', () => {
    expect([1, 2, 3, 10].map((attempt) => retryDelayMs(attempt, 0))).toEqual([100, 200, 400, 2_500]);
    expect([1, 2, 3, 10].map((attempt) => retryDelayMs(attempt, 1))).toEqual([200, 400, 800, 5_000]);
  });

  it('is never shorter than the server asks for', () => expect(retryDelayMs(1, 0, 7)).toBe(7_000));
});

describe('a failure', () => {
  const problem = {
    status: 400,
    code: 'VALIDATION_FAILED',
    detail: 'One problem.',
    errors: [
      { pointer: '/changes/0/flag', code: 'FLAG_UNKNOWN', message: 'there is no flag "x"' },
      { pointer: '', code: 'X', message: 'is odd' },
    ],
  };

  it('is told as a sentence, what is wrong by its place, and what to do', () => {
    expect(explainError(new CommandError(2, 'One problem.', { problem, hint: 'Mend it.' }))).toEqual([
      'One problem.',
      '  /changes/0/flag: there is no flag "x"',
      '  /: is odd',
      'Mend it.',
    ]);
  });

  it('is told to machines with all that the server said', () => {
    expect(errorDocument(new CommandError(2, 'One problem.', { problem }), 2)).toEqual({
      error: { exitCode: 2, message: 'One problem.', problem },
    });
    expect(errorDocument(new TypeError('x is undefined'), 1)).toMatchObject({ error: { exitCode: 1 } });
  });

  it('that nobody foresaw is owned up to', () =>
    expect(explainError(new TypeError('x is undefined'))[0]).toMatch(/fault of the sluice command.*x is undefined/u));
});
