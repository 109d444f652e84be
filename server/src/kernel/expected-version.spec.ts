import { expect, it } from '@jest/globals';
import { type ExpectedVersion, refuseStale, requireVersion } from './expected-version.js';

it.each<[string, ExpectedVersion, string | undefined, string | undefined]>([
  ['nothing said', { kind: 'unsaid' }, 'IF_MATCH_REQUIRED', undefined],
  ['any version', { kind: 'any' }, undefined, undefined],
  ['the current version', { kind: 'version', version: 3 }, undefined, undefined],
  ['an older version', { kind: 'version', version: 2 }, 'VERSION_STALE', 'VERSION_STALE'],
  ['a version to come', { kind: 'version', version: 4 }, 'VERSION_STALE', 'VERSION_STALE'],
])('%s, against version 3', (_name, expected, required, stale) => {
  expect(codeOf(() => requireVersion(expected, 3))).toBe(required);
  expect(codeOf(() => refuseStale(expected, 3))).toBe(stale);
});

it('tells the current version, so that the caller can look at it', () => {
  expect(() => requireVersion({ kind: 'version', version: 2 }, 3)).toThrow(
    expect.objectContaining({ kind: 'precondition', data: { currentVersion: 3 } }),
  );
});

function codeOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
}
