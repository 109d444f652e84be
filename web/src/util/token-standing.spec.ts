import { describe, expect, it } from '@jest/globals';
import { isUsable, tokenStanding } from './token-standing.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const BEFORE = '2026-11-21T11:59:59Z';
const AFTER = '2026-11-21T12:00:01Z';

describe('a token', () => {
  it.each([
    ['works', { expiresAt: null, revokedAt: null }, true],
    ['ending', { expiresAt: AFTER, revokedAt: null }, true],
    ['expired', { expiresAt: BEFORE, revokedAt: null }, false],
    ['expired', { expiresAt: NOW.toISOString(), revokedAt: null }, false],
    ['revoked', { expiresAt: AFTER, revokedAt: BEFORE }, false],
  ] as const)('%s: %j', (standing, token, usable) => {
    expect(tokenStanding(token, NOW)).toBe(standing);
    expect(isUsable(token, NOW)).toBe(usable);
  });
});
