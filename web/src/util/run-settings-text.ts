import { fromPercent, toPercent } from './evidence.js';
import { formatStrata, parseStrata, type StratumMinimum } from './strata-text.js';

/** How a run is sampled and judged, as far as people edit it here. Rates are from 0 to 1. */
export interface RunSettings {
  readonly demand: {
    readonly tolerance: number;
    readonly alpha: number;
    readonly alphaKill: number;
    readonly unansweredTolerance: number;
    readonly latencyMargin: number | null;
    readonly strata: readonly StratumMinimum[];
  };
  readonly runner: {
    /** Thousandths of a percent. */
    readonly twinShare: number;
    readonly deadlineMs: number;
    readonly maxConcurrent: number;
    readonly windowSeconds: number;
    readonly budget: { readonly addedMs: number; readonly loopDelayMs: number };
    readonly serve: { readonly flag: string; readonly variation: string } | null;
    readonly rawPaths: readonly string[];
  };
}

/** What a field for a number holds: '' while it is empty. */
type Typed = number | string;

/** Settings as they are typed, in the shape that problems point into. Rates and shares are numbers of percent. */
export interface WrittenRunSettings {
  readonly demand: {
    readonly tolerance: Typed;
    readonly alpha: Typed;
    readonly alphaKill: Typed;
    readonly unansweredTolerance: Typed;
    readonly latencyMargin: Typed;
    readonly strata: string;
  };
  readonly runner: {
    readonly twinShare: Typed;
    readonly deadlineMs: Typed;
    readonly maxConcurrent: Typed;
    readonly windowSeconds: Typed;
    readonly budget: { readonly addedMs: Typed; readonly loopDelayMs: Typed };
    readonly serve: { readonly flag: string; readonly variation: string };
    readonly rawPaths: string;
  };
}

const PER_PERCENT = 1_000;

export function writtenSettings({ demand, runner }: RunSettings): WrittenRunSettings {
  return {
    demand: {
      tolerance: toPercent(demand.tolerance),
      alpha: toPercent(demand.alpha),
      alphaKill: toPercent(demand.alphaKill),
      unansweredTolerance: toPercent(demand.unansweredTolerance),
      latencyMargin: demand.latencyMargin === null ? '' : toPercent(demand.latencyMargin),
      strata: formatStrata(demand.strata),
    },
    runner: {
      twinShare: runner.twinShare / PER_PERCENT,
      deadlineMs: runner.deadlineMs,
      maxConcurrent: runner.maxConcurrent,
      windowSeconds: runner.windowSeconds,
      budget: { ...runner.budget },
      serve: runner.serve ?? { flag: '', variation: '' },
      rawPaths: runner.rawPaths.join('\n'),
    },
  };
}

/** The document that the API takes. What is missing stays so: the server says what it wants there. */
export function settingsDocument({ demand, runner }: WrittenRunSettings) {
  const { flag, variation } = runner.serve;
  const share = fromPercent(runner.twinShare);
  return {
    demand: {
      tolerance: fromPercent(demand.tolerance),
      alpha: fromPercent(demand.alpha),
      alphaKill: fromPercent(demand.alphaKill),
      unansweredTolerance: fromPercent(demand.unansweredTolerance),
      latencyMargin: fromPercent(demand.latencyMargin),
      strata: parseStrata(demand.strata).map(({ stratum, minimum }) => ({ stratum, minimum })),
    },
    runner: {
      twinShare: share === null ? null : Math.round(share * 100 * PER_PERCENT),
      deadlineMs: numberOf(runner.deadlineMs),
      maxConcurrent: numberOf(runner.maxConcurrent),
      windowSeconds: numberOf(runner.windowSeconds),
      budget: { addedMs: numberOf(runner.budget.addedMs), loopDelayMs: numberOf(runner.budget.loopDelayMs) },
      serve: flag.trim() === '' && variation.trim() === '' ? null : { flag: flag.trim(), variation: variation.trim() },
      rawPaths: runner.rawPaths
        .split('\n')
        .map((path) => path.trim())
        .filter((path) => path !== ''),
    },
  };
}

function numberOf(typed: Typed): number | null {
  return typed === '' ? null : Number(typed);
}
