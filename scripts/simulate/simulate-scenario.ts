import { seeded } from './random.ts';
import type { Rule } from './rules.ts';
import { drawHistory, drawRollout, type Scenario } from './traffic.ts';

/** How often one rule rolled back in one scenario, and when. */
export interface Outcome {
  readonly rule: string;
  readonly runs: number;
  readonly rolledBack: number;
  /** The median minute of those; undefined for none. */
  readonly medianMinute: number | undefined;
}

/** Shows every rule the same rollouts: as many as `runs`, the same for the same seed. */
export function simulateScenario(
  scenario: Scenario,
  rules: readonly Rule[],
  { runs, seed }: { readonly runs: number; readonly seed: number },
): readonly Outcome[] {
  const random = seeded(seed);
  const minutes = rules.map((): number[] => []);
  for (let run = 0; run < runs; run += 1) {
    const known = { badRate: scenario.badRate, badPerMinute: drawHistory(scenario, random) };
    const rollout = drawRollout(scenario, random);
    rules.forEach((rule, index) => {
      const watch = rule.start(known);
      const minute = rollout.findIndex((each) => watch(each));
      if (minute >= 0) minutes[index]?.push(minute + 1);
    });
  }
  return rules.map(({ name }, index) => {
    const seen = (minutes[index] ?? []).sort((a, b) => a - b);
    return { rule: name, runs, rolledBack: seen.length, medianMinute: seen[Math.floor((seen.length - 1) / 2)] };
  });
}
