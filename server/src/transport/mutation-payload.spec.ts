import { describe, expect, it } from '@jest/globals';
import { conflict, invalid, limited } from '../kernel/errors.js';
import { toPayload } from './mutation-payload.js';

describe('toPayload', () => {
  it('answers the object as it is afterwards', async () =>
    expect(await toPayload(() => Promise.resolve('done'))).toEqual({ node: 'done', problems: [] }));

  it('answers every problem of an input, each with its place', async () => {
    const problems = [
      { pointer: '/a', code: 'REQUIRED', message: 'is missing' },
      { pointer: '/b', code: 'TOO_LONG', message: 'is too long' },
    ];
    const { node, problems: answered } = await toPayload(() =>
      Promise.reject(invalid('VALIDATION_FAILED', 'Two problems.', { problems })),
    );
    expect(node).toBeNull();
    expect(answered).toEqual(problems.map((each) => ({ ...each, kind: 'invalid', data: {} })));
  });

  it('answers what was changed meanwhile as one problem of no place', async () => {
    const { problems } = await toPayload(() =>
      Promise.reject(conflict('VERSION_STALE', 'It was changed.', { data: { version: 4 } })),
    );
    expect(problems).toEqual([
      { kind: 'conflict', code: 'VERSION_STALE', message: 'It was changed.', pointer: null, data: { version: 4 } },
    ]);
  });

  it.each([
    ['what concerns the whole request', limited('TOO_MANY_REQUESTS', 'Wait.')],
    ['bugs', new Error('oops')],
  ])('throws %s', async (_name, error) => expect(toPayload(() => Promise.reject(error))).rejects.toBe(error));
});
