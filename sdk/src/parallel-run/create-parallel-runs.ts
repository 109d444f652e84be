import { randomBytes } from 'node:crypto';
import { consoleLogger, guardLogger, type Logger } from '../logger.js';
import { type Runtime, systemRuntime } from '../runtime.js';
import { Faults } from './faults.js';
import { ParallelRuns } from './parallel-runs.js';
import { type CompiledRun, compileRun } from './read-settings.js';
import type { ParallelRunReport } from './report.js';
import type { ParallelRunner, RunResult } from './run-options.js';
import { DEFAULT_SETTINGS, type ParallelRunSettings } from './settings.js';

/** Settings of a run that no server knows; what is not given is the default. */
export type LocalRunSettings = Partial<Omit<ParallelRunSettings, 'key' | 'serve'>>;

export interface ParallelRunsOptions {
  /** Of every run that is not among `runs`: `{ share: 100_000 }` samples all calls. Default: they are off. */
  readonly settings?: LocalRunSettings;
  /** By key. */
  readonly runs?: Readonly<Record<string, LocalRunSettings>>;
  /** Of the code of either arm, where a call names none. */
  readonly version?: string;
  /** Hears of each sampled call and candidate, after the caller has its answer. Default: nobody does. */
  readonly publish?: (result: RunResult) => void;
  /** Default: warnings and errors on the console. */
  readonly logger?: Logger;
}

/** Parallel runs without a control plane. */
export interface LocalParallelRuns extends ParallelRunner {
  /** What was gathered since this was last called, as sums per candidate, redacted. */
  takeReports(): readonly ParallelRunReport[];
  /** Ends its timers. Calls go on. */
  close(): void;
}

/**
 * Runs old and new code side by side in this process alone, with settings given here. Throws when they cannot be used.
 * @example createParallelRuns({ settings: { share: 100_000 }, publish: (result) => console.log(result.verdict) })
 */
export function createParallelRuns(
  options: ParallelRunsOptions = {},
  runtime: Runtime = systemRuntime(),
): LocalParallelRuns {
  const digestKey = randomBytes(32).toString('hex');
  const compile = (key: string, settings: LocalRunSettings): CompiledRun => {
    const compiled = compileRun({ ...DEFAULT_SETTINGS, digestKey, ...settings, key });
    if (compiled !== undefined) return compiled;
    throw new Error(`Give parallel run '${key}' settings of the right types: share is a whole number up to 100 000.`);
  };
  const { settings, runs = {}, publish, version = '' } = options;
  if (settings !== undefined) compile('settings', settings);
  const parallelRuns = new ParallelRuns({
    runtime,
    faults: new Faults(guardLogger(options.logger ?? consoleLogger)),
    version,
    currentContext: () => undefined,
    mute: (work) => work(),
    variationOf: () => undefined,
    ...((settings?.share ?? 0) > 0 && { byDefault: (key: string) => compile(key, settings ?? {}) }),
    ...(publish !== undefined && { publish }),
  });
  parallelRuns.apply(new Map(Object.entries(runs).map(([key, given]) => [key, compile(key, given)])));
  return parallelRuns;
}
