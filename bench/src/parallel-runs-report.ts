import type { Measured } from './scenario-process.js';
import { RUN_SCENARIOS } from './parallel-runs.js';
import { startProcess } from './start-process.js';

/** Prints what parallel runs cost beside a direct call and beside others, each in a process of its own. */
export async function reportParallelRuns(): Promise<boolean> {
  const missed: string[] = [];
  console.log(
    '\nParallel runs of functions that only add, in multiples of the direct call or await; by hand: the least a runner does:',
  );
  for (const [name, { most, aim }] of RUN_SCENARIOS) {
    const { message } = await startProcess<Measured>('parallel-run-process.js', [name]);
    for (const { ours, floor, ratio } of message.comparisons) {
      const bar = barOf(most, aim);
      const figures = `${ours.nsPerOp.toFixed(0).padStart(7)} ns ${floor.nsPerOp.toFixed(0).padStart(5)} ns`;
      console.log(`  ${name.padEnd(57)}${figures}${`${ratio.toFixed(2)}×`.padStart(10)}${bar}`);
      if (most !== undefined && ratio > most) missed.push(name);
    }
  }
  if (missed.length > 0) console.log(`Above their bars: ${missed.join('; ')}.`);
  return missed.length === 0;
}

function barOf(most: number | undefined, aim: number | undefined): string {
  if (most !== undefined) return `  (at most ${most}×)`;
  return aim === undefined ? '' : `  (aimed at ${aim}×)`;
}
