import { isSafePattern } from 'redos-detector';

const MAX_PATTERN_LENGTH = 500;
/** How far the search for back-tracking goes; a pattern it cannot clear within is refused. Takes some 150 ms at most. */
const SEARCH = { unicode: true, maxSteps: 500, maxScore: 50 };
/** Patterns whose verdict is remembered. */
const MAX_REMEMBERED = 1_000;

const verdicts = new Map<string, string | undefined>();

/**
 * Says what is wrong with a regular expression; undefined: nothing is. One that could back-track without bound would
 * stop every service that evaluates it. The search is slow, so verdicts are remembered: see PatternVetting.
 */
export function complaintAbout(pattern: string): string | undefined {
  if (verdicts.has(pattern)) return verdicts.get(pattern);
  const verdict = judge(pattern);
  if (verdicts.size >= MAX_REMEMBERED) verdicts.clear();
  verdicts.set(pattern, verdict);
  return verdict;
}

function judge(pattern: string): string | undefined {
  if (pattern === '') return 'must be a regular expression';
  if (pattern.length > MAX_PATTERN_LENGTH) return `must be at most ${MAX_PATTERN_LENGTH} characters long`;
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    return `is not a regular expression: ${error instanceof Error ? error.message : String(error)}`;
  }
  // The search takes look-behinds for harmless; engines back-track in them like anywhere else.
  if (/\(\?<[=!]/u.test(pattern)) {
    return 'looks behind, at a cost that cannot be bounded; write it without (?<= and (?<!';
  }
  try {
    if (isSafePattern(pattern, SEARCH).safe) return undefined;
  } catch {
    return 'uses something whose cost cannot be bounded; write it more simply';
  }
  return 'can back-track without bound on some texts; anchor it with ^ and avoid repeats that can match the same text twice';
}
