import { describe, expect, it } from '@jest/globals';
import { checkSelector } from './selector.js';

describe('a selector of flagd', () => {
  it.each(['', 'live', 'shop/live', 'flagSetId=live', 'flagSetId=shop/live', 'flagSetId='])(
    'may name the environment of the token: %p',
    (selector) => expect(() => checkSelector(selector, 'shop/live')).not.toThrow(),
  );

  it.each(['shop', 'test', 'live/', 'source=live', 'other/live'])('is refused otherwise: %p', (selector) => {
    const refusal = `This token is for the flags of shop/live; leave the selector out, or use a token of what "${selector}" names.`;
    expect(() => checkSelector(selector, 'shop/live')).toThrow(refusal);
  });
});
