import { describe, expect, it } from '@jest/globals';
import { type ErrorKind, limited, refuseWith, SluiceError } from '../kernel/errors.js';
import { toProblem } from './problem.js';

it.each<[ErrorKind, string, number]>([
  ['invalid', 'ANYTHING', 400],
  ['unauthenticated', 'ANYTHING', 401],
  ['forbidden', 'ANYTHING', 403],
  ['notFound', 'ANYTHING', 404],
  ['conflict', 'ANYTHING', 409],
  ['precondition', 'ANYTHING', 412],
  ['limited', 'ANYTHING', 429],
  ['unavailable', 'ANYTHING', 503],
  ['precondition', 'IF_MATCH_REQUIRED', 428],
  ['invalid', 'IDEMPOTENCY_KEY_REUSED', 422],
  ['invalid', 'REQUEST_TOO_SLOW', 408],
  ['invalid', 'BODY_TOO_LARGE', 413],
  ['invalid', 'HEADERS_TOO_LARGE', 431],
  ['invalid', 'MEDIA_TYPE_UNSUPPORTED', 415],
  ['invalid', 'CONTENT_ENCODING_UNSUPPORTED', 415],
])('%s with code %s is HTTP %d', (kind, code, status) => {
  expect(toProblem(new SluiceError(kind, code, 'Do this.'), 'r')).toMatchObject({ status, code });
});

it('says what happened in a sentence and a title, under the request id', () => {
  expect(toProblem(new SluiceError('notFound', 'FLAG_NOT_FOUND', 'There is no flag "a".'), 'r-1')).toEqual({
    type: 'about:blank',
    title: 'Flag not found',
    status: 404,
    detail: 'There is no flag "a".',
    code: 'FLAG_NOT_FOUND',
    requestId: 'r-1',
  });
});

it('carries the data of an error beside, never instead of, what every problem has', () => {
  const error = limited('TOO_MANY', 'Wait.', { data: { retryAfterSeconds: 3, status: 200, code: 'FINE', detail: '' } });
  expect(toProblem(error, 'r')).toMatchObject({ retryAfterSeconds: 3, status: 429, code: 'TOO_MANY', detail: 'Wait.' });
});

it('lists every problem of an input', () => {
  const problems = [{ pointer: '/key', code: 'SHAPE', message: 'must be short' }];
  let thrown: unknown;
  try {
    refuseWith(problems, 'flag');
  } catch (error) {
    thrown = error;
  }
  expect(toProblem(thrown, 'r')).toMatchObject({ status: 400, errors: problems });
});

describe('a bug', () => {
  it.each<[string, unknown]>([
    ['an error', new TypeError('password=hunter2 is not a function')],
    ['a string', 'hunter2'],
    ['nothing', undefined],
  ])('thrown as %s is internal, and tells nothing of itself but where to look', (_name, thrown) => {
    const problem = toProblem(thrown, 'r-7');
    expect(problem).toMatchObject({ status: 500, code: 'INTERNAL', requestId: 'r-7' });
    expect(problem.detail).toContain('r-7');
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });
});
