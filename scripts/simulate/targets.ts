import { ALPHA } from './rules.ts';
import type { Outcome } from './simulate-scenario.ts';

/** A rise to three times at 20 + 180 a minute and 1 % is rolled back within the hour in at least so many rollouts. */
const PROMISED_DETECTION = 0.9;
/** So many rollouts show the chance itself; fewer only what would hardly come by chance. */
const MANY = 1_000;

/** Whether good releases are rolled back more often than alpha allows. */
export function isTooOften(outcome: Outcome): boolean {
  const { rolledBack, runs } = outcome;
  return rolledBack > ALPHA * runs && (runs >= MANY || chanceOfAsMany(outcome) < 0.005);
}

export function isDetected({ rolledBack, runs }: Outcome): boolean {
  return rolledBack / runs >= PROMISED_DETECTION;
}

/** The chance of as many rollbacks or more when each has the chance alpha. */
function chanceOfAsMany({ rolledBack, runs }: Outcome): number {
  let log = runs * Math.log1p(-ALPHA);
  let below = 0;
  for (let k = 0; k < rolledBack; k += 1) {
    below += Math.exp(log);
    log += Math.log(((runs - k) / (k + 1)) * (ALPHA / (1 - ALPHA)));
  }
  return 1 - below;
}
