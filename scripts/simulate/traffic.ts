import { binomial, burstSize, poisson, type Random } from './random.ts';

/** What one arm saw in a minute. */
export interface ArmMinute {
  readonly units: number;
  readonly bad: number;
}

export interface Minute {
  readonly candidate: ArmMinute;
  readonly stable: ArmMinute;
  /** Whether the minute's numbers never arrive: the metrics are out of reach. */
  readonly isLost: boolean;
}

/** Traffic of one kind, and what is wrong with the candidate. */
export interface Scenario {
  readonly name: string;
  /** Of both arms. */
  readonly unitsPerMinute: number;
  /** The chance that a unit of the stable arm goes bad. */
  readonly badRate: number;
  /** The candidate's part of all units in a minute, from 0 to 1. */
  readonly shareAt: (minute: number) => number;
  /** How many times the stable bad rate the candidate's is. */
  readonly ratio: number;
  /** Bad events come in bursts of this mean size, geometric; 1: each for itself. */
  readonly meanBurst: number;
  /** The part of minutes in which something that both arms need is broken: twenty times as much goes bad in both. */
  readonly sharedOutages: number;
  /** The part of minutes whose numbers are lost. */
  readonly lostMinutes: number;
}

/** How long a rollout is watched. */
const ROLLOUT_MINUTES = 60;
/** How much history of ordinary traffic a rule may learn from: a day. */
const HISTORY_MINUTES = 1_440;

const OUTAGE_FACTOR = 20;

/** Bad events per minute of ordinary traffic before the rollout. */
export function drawHistory(scenario: Scenario, random: Random): readonly number[] {
  return Array.from({ length: HISTORY_MINUTES }, () => {
    const rate = scenario.badRate * outageFactor(scenario, random);
    return drawBad(scenario, scenario.unitsPerMinute, rate, random);
  });
}

/** The minutes of a rollout. */
export function drawRollout(scenario: Scenario, random: Random): readonly Minute[] {
  return Array.from({ length: ROLLOUT_MINUTES }, (_, minute) => {
    const rate = scenario.badRate * outageFactor(scenario, random);
    const units = Math.round(scenario.unitsPerMinute * scenario.shareAt(minute));
    const others = scenario.unitsPerMinute - units;
    return {
      candidate: { units, bad: drawBad(scenario, units, rate * scenario.ratio, random) },
      stable: { units: others, bad: drawBad(scenario, others, rate, random) },
      isLost: random() < scenario.lostMinutes,
    };
  });
}

function outageFactor({ sharedOutages }: Scenario, random: Random): number {
  return random() < sharedOutages ? OUTAGE_FACTOR : 1;
}

function drawBad({ meanBurst }: Scenario, units: number, rate: number, random: Random): number {
  if (meanBurst === 1) return binomial(random, units, Math.min(1, rate));
  let bad = 0;
  for (let bursts = poisson(random, (units * rate) / meanBurst); bursts > 0; bursts -= 1) {
    bad += burstSize(random, meanBurst);
  }
  return bad;
}
