import { describe, expect, it } from '@jest/globals';
import { forbidden, limited, unauthenticated, unavailable } from '../../kernel/errors.js';
import { closingOf } from './socket-closing.js';

describe('A socket that is not let in', () => {
  it.each<[unknown, number]>([
    [unauthenticated('TOKEN_REFUSED', 'Unknown.'), 4401],
    [forbidden('CROSS_SITE', 'Elsewhere.'), 4403],
    [limited('TOO_MANY_REQUESTS', 'Wait.'), 4429],
    [unavailable('STORE_BUSY', 'Busy.'), 4500],
    [new Error('secret'), 4500],
  ])('is closed as %s says', (error, code) => expect(closingOf(error).code).toBe(code));

  it('hears a reason of at most 123 bytes, whole characters, and nothing of bugs', () => {
    const { reason } = closingOf(forbidden('X', 'ü'.repeat(100)));
    expect(reason).toBe('ü'.repeat(61));
    expect(closingOf(new Error('secret')).reason).not.toContain('secret');
  });
});
