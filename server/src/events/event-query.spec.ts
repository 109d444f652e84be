import { describe, expect, it } from '@jest/globals';
import { acceptsStream, parseSequence } from './event-query.js';

describe('parseSequence', () => {
  it.each<[string | undefined, number | undefined]>([
    [undefined, undefined],
    ['', undefined],
    ['0', 0],
    ['17', 17],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('reads %s as %s', (text, expected) => expect(parseSequence(text)).toBe(expected));

  it.each(['-1', '1.5', '1e3', ' 1', 'MTI', '9007199254740992', '99999999999999999'])('refuses %s', (text) =>
    expect(() => parseSequence(text)).toThrow('must be the sequence of an event'),
  );
});

describe('acceptsStream', () => {
  it.each<[string | undefined, boolean]>([
    ['text/event-stream', true],
    ['application/json, text/event-stream;q=0.9', true],
    ['Text/Event-Stream', true],
    ['*/*', false],
    ['text/event-streams', false],
    [undefined, false],
  ])('%s: %s', (accept, expected) => expect(acceptsStream(accept)).toBe(expected));
});
