import { compilePaths, compileRules, type CompiledRules } from '../comparison/index.js';
import { isAttributes } from '../evaluation/read-attribute.js';
import { FULL_SHARE } from '../evaluation/snapshot.js';
import { compileSampler, type Sampler } from './sampling.js';
import { DEFAULT_SETTINGS, type ParallelRunSettings } from './settings.js';

/** A run's settings, made ready. */
export interface CompiledRun {
  readonly settings: ParallelRunSettings;
  readonly sampler: Sampler;
  readonly rules: CompiledRules;
  /** Whether the values at a path may leave the process as they are. */
  readonly isRawPath: (path: string) => boolean;
}

/** By key. */
export type CompiledRuns = ReadonlyMap<string, CompiledRun>;

export const NO_RUNS: CompiledRuns = new Map();

/**
 * Makes a snapshot's parallel runs ready; never throws. One that cannot be read, or that neither samples nor serves, is
 * not among them: its calls are the control alone. Of two of one key the last counts.
 */
export function compileRuns(runs: unknown): CompiledRuns {
  if (!Array.isArray(runs)) return NO_RUNS;
  const compiled = new Map<string, CompiledRun>();
  for (const each of runs as readonly unknown[]) {
    const run = compileRun(each);
    if (run === undefined) continue;
    if (run.settings.share > 0 || run.settings.serve !== undefined) compiled.set(run.settings.key, run);
    else compiled.delete(run.settings.key);
  }
  return compiled;
}

/** Makes one run ready; undefined when it cannot be read. Rules that cannot be followed waive nothing. */
export function compileRun(run: unknown): CompiledRun | undefined {
  try {
    const settings = isAttributes(run) ? readSettings(run) : undefined;
    const sampler = settings && compileSampler(settings);
    if (settings === undefined || sampler === undefined) return undefined;
    const { rules, rawPaths } = settings;
    return { settings, sampler, rules: compileRules(rules), isRawPath: compilePaths(rawPaths) };
  } catch {
    return undefined;
  }
}

function readSettings(run: Readonly<Record<string, unknown>>): ParallelRunSettings | undefined {
  const { key, budget, serve, rules, rawPaths, bucketBy, seed, digestKey } = run;
  const { epoch, share, twinShare, deadlineMs, maxConcurrent, windowSeconds }: Partial<Record<string, unknown>> = {
    ...DEFAULT_SETTINGS,
    ...run,
  };
  const { addedMs, loopDelayMs } = { ...DEFAULT_SETTINGS.budget, ...(isAttributes(budget) ? budget : {}) };
  if (typeof key !== 'string' || key === '' || typeof digestKey !== 'string' || digestKey === '') return undefined;
  if (!isWhole(epoch) || !isWhole(share) || share > FULL_SHARE || !isWhole(twinShare)) return undefined;
  if (!isPositive(deadlineMs) || !isPositive(windowSeconds) || !isWhole(maxConcurrent)) return undefined;
  if (!isAmount(addedMs) || !isAmount(loopDelayMs)) return undefined;
  if ((bucketBy !== undefined && typeof bucketBy !== 'string') || (seed !== undefined && typeof seed !== 'string')) {
    return undefined;
  }
  const serving = readServe(serve);
  if (serve !== undefined && serving === undefined) return undefined;
  return {
    ...{ key, epoch, share, twinShare, deadlineMs, maxConcurrent, windowSeconds, digestKey },
    budget: { addedMs, loopDelayMs },
    ...(bucketBy !== undefined && { bucketBy }),
    ...(seed !== undefined && { seed }),
    ...(serving !== undefined && { serve: serving }),
    // A rule is read as it is compiled, and one that cannot be is left out.
    rules: Array.isArray(rules) ? (rules as ParallelRunSettings['rules']) : [],
    rawPaths: Array.isArray(rawPaths) ? rawPaths.filter((path) => typeof path === 'string') : [],
  };
}

function readServe(serve: unknown): ParallelRunSettings['serve'] {
  if (!isAttributes(serve)) return undefined;
  const { flag, variation } = serve;
  return typeof flag === 'string' && typeof variation === 'string' ? { flag, variation } : undefined;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isPositive(value: unknown): value is number {
  return isAmount(value) && value > 0;
}
