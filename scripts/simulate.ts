/**
 * `npm run simulate [-- --runs N] [--quick] [--seed N] [--check]`: what share of good and of bad releases our rule rolls
 * back, beside rules in the manner of other tools, on the same simulated traffic. `--check` exits with 1 when a target
 * is missed: at alpha 1 % at most 1 % of good releases are rolled back in every row, bursts included, and a rise to
 * three times at 20 + 180 a minute and 1 % is found within the hour in at least 90 %. Below 1000 runs only what chance
 * would hardly do counts as too many.
 */
import { parseArgs } from 'node:util';
import { rules, sluice } from './simulate/rules.ts';
import { harmful, harmless, promised } from './simulate/scenarios.ts';
import { simulateScenario, type Outcome } from './simulate/simulate-scenario.ts';
import { isDetected, isTooOften } from './simulate/targets.ts';
import type { Scenario } from './simulate/traffic.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: '20261121' },
    check: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs ?? (values.quick ? 200 : 2_000));
const seed = Number(values.seed);
if (!Number.isInteger(runs) || runs < 1 || runs > 100_000 || !Number.isInteger(seed)) {
  console.error('--runs is a whole number from 1 to 100000, --seed a whole number');
  process.exit(2);
}

const missed: string[] = [];
console.log(`${String(runs)} rollouts of 60 minutes per row; rolled back % (median minute)\n`);
print('releases that are no worse', harmless, (scenario, ours) => {
  if (isTooOften(ours)) missed.push(`${scenario.name}: ${percent(ours)} % of good releases rolled back`);
});
print('releases that are worse', harmful, (scenario, ours) => {
  if (scenario === promised && !isDetected(ours)) missed.push(`${scenario.name}, 3×: only ${percent(ours)} % found`);
});
console.log(missed.length === 0 ? 'targets met' : `targets missed:\n  ${missed.join('\n  ')}`);
if (values.check && missed.length > 0) process.exitCode = 1;

function print(
  title: string,
  scenarios: readonly Scenario[],
  check: (scenario: Scenario, ours: Outcome) => void,
): void {
  console.log(
    row(
      title,
      'ratio',
      rules.map(({ name }) => name),
    ),
  );
  scenarios.forEach((scenario, index) => {
    const outcomes = simulateScenario(scenario, rules, { runs, seed: seed + index });
    console.log(row(scenario.name, `${String(scenario.ratio)}×`, outcomes.map(shown)));
    const ours = outcomes.find(({ rule }) => rule === sluice.name);
    if (ours) check(scenario, ours);
  });
  console.log();
}

function row(name: string, ratio: string, cells: readonly string[]): string {
  return name.padEnd(66) + ratio.padStart(5) + cells.map((cell) => cell.padStart(14)).join('');
}

function shown(outcome: Outcome): string {
  const minute = outcome.medianMinute;
  return minute === undefined ? '0' : `${percent(outcome)} (${String(minute)})`;
}

function percent({ rolledBack, runs: all }: Outcome): string {
  return ((rolledBack / all) * 100).toFixed(rolledBack / all < 0.1 ? 2 : 0);
}
