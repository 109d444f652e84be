import { DEEP, ONE, parsePath, parseRulePath, type PatternStep, type Step } from './path.js';

/**
 * Makes patterns ready for telling whether one of them names a difference's path, exactly: what lies below needs `.**`.
 * A pattern that cannot be read names none.
 */
export function compilePaths(patterns: readonly string[]): (path: string) => boolean {
  const readable = patterns.flatMap((pattern) => {
    const parsed = parseRulePath(pattern);
    return 'steps' in parsed ? [parsed.steps] : [];
  });
  return (path) => {
    const steps = parsePath(path);
    return steps !== undefined && readable.some((pattern) => isNamed(steps, pattern));
  };
}

/** Follows the pattern from all positions at once, so that no pattern takes more than steps × steps. */
function isNamed(steps: readonly (Step | typeof DEEP)[], pattern: readonly PatternStep[]): boolean {
  let reached = passDeep(new Set([0]), pattern);
  for (const step of steps) {
    const next = new Set<number>();
    for (const at of reached) {
      const wanted = pattern[at];
      if (wanted === DEEP) next.add(at);
      else if (wanted === step || (wanted === ONE && step !== DEEP)) next.add(at + 1);
    }
    reached = passDeep(next, pattern);
  }
  return reached.has(pattern.length);
}

/** `**` stands for no step as well. */
function passDeep(reached: Set<number>, pattern: readonly PatternStep[]): ReadonlySet<number> {
  for (const at of reached) if (pattern[at] === DEEP) reached.add(at + 1); // also those that are added meanwhile
  return reached;
}
