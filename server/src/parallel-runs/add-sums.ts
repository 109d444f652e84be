import { isCompared, VERDICTS } from '@sluice/sdk/comparison';
import type { RunReport } from '../telemetry/index.js';
import { addTrials, MAX_STRATA, plus } from './counted-inputs.js';
import type { LogRatioSums, RunSums } from './sums.js';

/** Of those that find no room. No service can say it: the SDK knows no such characters in a stratum. */
export const OTHER_STRATUM = '(other)';

const NO_RATIOS: LogRatioSums = { n: 0, sum: 0, sumSquares: 0 };

export const NO_SUMS: RunSums = {
  // Every verdict is there.
  verdicts: Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as RunSums['verdicts'],
  lateControls: 0,
  broken: 0,
  inputs: { n: 0, x: 0 },
  twins: { n: 0, b: 0, c: 0 },
  latency: { controlFirst: NO_RATIOS, candidateFirst: NO_RATIOS },
  overhead: { n: 0, addedMs: 0, maxAddedMs: 0, maxLoopDelayMs: 0 },
  served: { control: 0, candidate: 0 },
  strata: [],
  unsigned: 0,
};

/** What one report adds. The candidate answers for no call in which it served and the control was the shadow. */
export function sumsOf(report: RunReport): RunSums {
  const said = { ...NO_SUMS.verdicts, ...definedOf(report.verdicts) };
  const calls = Object.values(said).reduce(plus, 0);
  const isSwapped = report.served === 'candidate';
  const verdicts = isSwapped ? { ...said, timeout: 0 } : said;
  const shadow = isSwapped ? { lateControls: said.timeout } : { broken: report.broken ?? 0 };
  const { inputs, twins, latency, overhead, strata, unsigned } = report;
  const served = { ...NO_SUMS.served, [report.served]: calls };
  return addSums(NO_SUMS, { verdicts, ...shadow, inputs, twins, latency, overhead, served, strata, unsigned });
}

/** Two sums as one. */
export function addSums(one: RunSums, other: RunSums): RunSums {
  return {
    // Every verdict is there.
    verdicts: Object.fromEntries(
      VERDICTS.map((verdict) => [verdict, plus(one.verdicts[verdict], other.verdicts[verdict])]),
    ) as RunSums['verdicts'],
    lateControls: plus(one.lateControls ?? 0, other.lateControls ?? 0),
    broken: plus(one.broken ?? 0, other.broken ?? 0),
    inputs: addTrials(one.inputs, other.inputs),
    twins: {
      n: plus(one.twins.n, other.twins.n),
      b: plus(one.twins.b, other.twins.b),
      c: plus(one.twins.c, other.twins.c),
    },
    latency: {
      controlFirst: addRatios(one.latency.controlFirst, other.latency.controlFirst),
      candidateFirst: addRatios(one.latency.candidateFirst, other.latency.candidateFirst),
    },
    overhead: {
      n: plus(one.overhead.n, other.overhead.n),
      addedMs: one.overhead.addedMs + other.overhead.addedMs,
      maxAddedMs: Math.max(one.overhead.maxAddedMs, other.overhead.maxAddedMs),
      maxLoopDelayMs: Math.max(one.overhead.maxLoopDelayMs, other.overhead.maxLoopDelayMs),
    },
    served: {
      control: plus(one.served.control, other.served.control),
      candidate: plus(one.served.candidate, other.served.candidate),
    },
    strata: addStrata(one.strata, other.strata),
    unsigned: plus(one.unsigned, other.unsigned),
  };
}

/** Sampled calls in which both arms came to an end. */
export function comparedCalls({ verdicts }: RunSums): number {
  return VERDICTS.filter(isCompared).reduce((sum, verdict) => plus(sum, verdicts[verdict]), 0);
}

function addStrata(one: RunSums['strata'], other: RunSums['strata']): RunSums['strata'] {
  const sums = new Map(one.map((each) => [each.stratum, each]));
  for (const each of other) {
    const isFull = sums.size >= MAX_STRATA && !sums.has(each.stratum);
    const stratum = isFull ? OTHER_STRATUM : each.stratum;
    sums.set(stratum, { stratum, ...addTrials(sums.get(stratum) ?? { n: 0, x: 0 }, each) });
  }
  return [...sums.values()];
}

function addRatios(one: LogRatioSums, other: LogRatioSums): LogRatioSums {
  return {
    n: plus(one.n, other.n),
    sum: one.sum + other.sum,
    sumSquares: one.sumSquares + other.sumSquares,
  };
}

/** What a report leaves out and what it says undefined of are the same to JSON. */
function definedOf(verdicts: RunReport['verdicts']): Partial<RunSums['verdicts']> {
  return Object.fromEntries(Object.entries(verdicts).filter(([, count]) => count !== undefined));
}
