import { describe, expect, it } from '@jest/globals';
import { toInstant, toLocalInput } from './local-moment.js';

describe('a moment in a field', () => {
  it('is the same moment when it is read again, whatever the zone', () => {
    const instant = '2026-11-21T14:03:00.000Z';
    expect(toInstant(toLocalInput(instant))).toBe(instant);
  });

  it.each(['', 'tomorrow'])('is none: "%s"', (text) => {
    expect(toInstant(text)).toBeUndefined();
    expect(toLocalInput(text)).toBe('');
  });
});
