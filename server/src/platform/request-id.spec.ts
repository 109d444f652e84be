import { describe, expect, it } from '@jest/globals';
import { validate } from 'uuid';
import { newRequestId, requestIdOf } from './request-id.js';

describe('the id of a request', () => {
  it('is the caller’s where that can be one', () => {
    expect(requestIdOf('trace/7:a+b=')).toBe('trace/7:a+b=');
  });

  it.each([undefined, ['a', 'b'], '', 'a b', 'a'.repeat(129), 'a\nb'])('is a new one in place of %j', (given) => {
    expect(validate(requestIdOf(given))).toBe(true);
  });

  it('is new each time', () => {
    const ids = Array.from({ length: 1_000 }, () => newRequestId());
    expect(new Set(ids).size).toBe(1_000);
  });
});
