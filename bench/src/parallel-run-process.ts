/** Measures the scenarios of parallel runs that its arguments name, one after the other, and tells its parent. */
import { matchesByHand } from './by-hand.js';
import { takeSink, type Comparison } from './measure.js';
import { RUN_SCENARIOS } from './parallel-runs.js';
import type { Measured } from './scenario-process.js';

const comparisons: Comparison[] = [];
for (const name of process.argv.slice(2)) {
  const scenario = RUN_SCENARIOS.get(name);
  if (scenario !== undefined) comparisons.push({ ...(await scenario.run()), name });
}
const measured: Measured = { comparisons, sink: takeSink() + matchesByHand() };
process.send?.(measured);
