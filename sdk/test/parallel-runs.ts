import type { Logger } from '../src/logger.js';
import { createParallelRuns, type LocalParallelRuns, type ParallelRunsOptions } from '../src/parallel-run/index.js';
import type { ParallelRunReport } from '../src/parallel-run/report.js';
import type { RunResult } from '../src/parallel-run/run-options.js';
import type { Runtime } from '../src/runtime.js';
import { FakeRuntime } from './fake-runtime.js';

/** Every call is sampled, and never twinned. */
export const ALL = { share: 100_000, twinShare: 0 };

/** Parallel runs without a server, in a fake world, with all that is told of them. */
export class LocalRuns<World extends Runtime = FakeRuntime> {
  readonly told: RunResult[] = [];
  readonly warnings: string[] = [];
  readonly runs: LocalParallelRuns;

  constructor(
    options: ParallelRunsOptions = {},
    readonly runtime: World = new FakeRuntime() as Runtime as World, // the default of World
  ) {
    const silent = () => undefined;
    const logger: Logger = { debug: silent, info: silent, error: silent, warn: (text) => this.warnings.push(text) };
    const publish = (result: RunResult) => void this.told.push(result);
    this.runs = createParallelRuns({ settings: ALL, publish, logger, ...options }, runtime);
  }

  /** The only report there is. */
  report(): ParallelRunReport {
    const reports = this.runs.takeReports();
    const [only] = reports;
    if (only === undefined || reports.length > 1) throw new Error(`${reports.length} reports`);
    return only;
  }

  get verdicts(): string[] {
    return this.told.map(({ verdict }) => verdict);
  }
}
