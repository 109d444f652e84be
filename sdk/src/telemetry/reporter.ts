import type { Logger } from '../logger.js';
import type { ParallelRunReport } from '../parallel-run/report.js';
import type { Runtime } from '../runtime.js';
import type { EvaluationCount, InstanceReport, Measurement, TelemetryBatch, TrackedSum } from './batch.js';
import { type Measurements, METRIC_LIMIT } from './measurements.js';
import { ACKNOWLEDGE_WITHIN_MS, QUIET_INTERVAL_MS, reportDelayMs, type SendOutcome } from './report-policy.js';
import { PAIR_LIMIT, type Summary } from './summary.js';
import { EVENT_LIMIT, type Tracking } from './tracking.js';

interface ReporterParts {
  readonly summary: Summary;
  readonly tracking: Tracking;
  readonly measurements: Measurements;
  /** How many units were dropped since this was last asked, because they never ended. */
  readonly takeDroppedUnits: () => number;
  /** What parallel runs compared since this was last asked, as much as a batch may hold. */
  readonly takeParallelRuns: () => readonly ParallelRunReport[];
  readonly runtime: Runtime;
  readonly logger: Logger;
  readonly intervalMs: number;
  /** Unique to the process; batch ids are numbered below it. */
  readonly newBatchId: () => string;
  readonly describeInstance: () => InstanceReport;
  readonly send: (batch: TelemetryBatch) => Promise<SendOutcome>;
}

/**
 * Reports the sums, tick by tick. At most one batch is out: until its fate is known it is repeated unchanged, and
 * newer sums wait and merge, so that nothing is counted twice and nothing piles up.
 */
export class Reporter {
  #pending: TelemetryBatch | undefined;
  #sending: Promise<boolean> | undefined;
  #cancelTimer: () => void = () => undefined;
  #failures = 0;
  #isStopped = false;
  #hasWarnedOfRefusal = false;
  #fromMs: number;
  #reportedRevision: number | null = null;
  #reportedAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: ReporterParts) {
    this.#fromMs = parts.runtime.now();
  }

  /** Begins to report, at a random moment within the first interval. */
  start(): void {
    this.#arm(this.parts.runtime.random() * this.parts.intervalMs);
  }

  /** Tells soon that a new revision is being served; while reports fail, with the next attempt. */
  acknowledge(): void {
    if (this.#failures === 0) this.#arm(this.parts.runtime.random() * ACKNOWLEDGE_WITHIN_MS);
  }

  /** Reports now. True when everything counted so far was accepted. */
  async flush(): Promise<boolean> {
    await this.#sending;
    return this.#report({ evenIfQuiet: false });
  }

  /**
   * Reports now, sends nothing more by itself, and says that this instance ends, so that no rollout waits until it is
   * missed. Said once, in a batch of its own: a control plane that does not know the word refuses the goodbye, and no
   * sums. One that has never heard of this instance, or takes no reports now, is not told.
   */
  async leave(): Promise<void> {
    this.stop();
    const isHeard = await this.flush();
    if (!isHeard || this.#reportedAtMs === Number.NEGATIVE_INFINITY) return;
    const { runtime, newBatchId, describeInstance, send } = this.parts;
    const instance: InstanceReport = { ...describeInstance(), leaving: true };
    const from = new Date(this.#fromMs).toISOString();
    const to = new Date(runtime.now()).toISOString();
    await send({ batchId: newBatchId(), instance, from, to, evaluations: [] });
  }

  /** Sends nothing more by itself. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer();
  }

  #arm(delayMs: number): void {
    this.#cancelTimer();
    if (this.#isStopped) return;
    this.#cancelTimer = this.parts.runtime.schedule(delayMs, () => void this.#tick());
  }

  async #tick(): Promise<void> {
    const { runtime } = this.parts;
    const isOverdue = runtime.elapsedMs() - this.#reportedAtMs >= QUIET_INTERVAL_MS;
    await this.#report({ evenIfQuiet: isOverdue });
  }

  /** Joins the report under way, if any: two at once would let newer sums overtake a batch that is uncertain. */
  #report(options: { readonly evenIfQuiet: boolean }): Promise<boolean> {
    this.#sending ??= this.#sendAll(options).finally(() => (this.#sending = undefined));
    return this.#sending;
  }

  async #sendAll(options: { readonly evenIfQuiet: boolean }): Promise<boolean> {
    const isRepeat = this.#pending !== undefined;
    let outcome = await this.#sendOne(options);
    if (isRepeat && outcome?.kind === 'delivered') outcome = await this.#sendOne({ evenIfQuiet: false });
    this.#arm(this.#delayMs(outcome));
    return outcome === undefined || outcome.kind === 'delivered';
  }

  async #sendOne(options: { readonly evenIfQuiet: boolean }): Promise<SendOutcome | undefined> {
    const batch = this.#nextBatch(options);
    if (!batch) return undefined;
    const outcome = await this.parts.send(batch);
    this.#settle(batch, outcome);
    return outcome;
  }

  #delayMs(outcome: SendOutcome | undefined): number {
    const { runtime, intervalMs, describeInstance } = this.parts;
    const random = runtime.random();
    if (this.#failures === 0 && describeInstance().revision !== this.#reportedRevision) {
      return random * ACKNOWLEDGE_WITHIN_MS;
    }
    return reportDelayMs({ failures: this.#failures, outcome }, intervalMs, random);
  }

  #nextBatch(options: { readonly evenIfQuiet: boolean }): TelemetryBatch | undefined {
    if (this.#pending) return this.#pending;
    const { runtime, newBatchId, describeInstance } = this.parts;
    const instance = describeInstance();
    const evaluations = this.#takeEvaluations();
    const tracked = this.#takeTracked();
    const measurements = this.#takeMeasurements();
    const parallelRuns = this.parts.takeParallelRuns();
    const hasCounts = [evaluations, tracked, measurements, parallelRuns].some(({ length }) => length > 0);
    const hasNews = hasCounts || instance.revision !== this.#reportedRevision;
    if (!hasNews && !options.evenIfQuiet) return undefined;

    const fromMs = this.#fromMs;
    this.#fromMs = runtime.now();
    this.#pending = {
      batchId: newBatchId(),
      instance,
      from: new Date(fromMs).toISOString(),
      to: new Date(this.#fromMs).toISOString(),
      evaluations,
      ...(tracked.length > 0 && { tracked }),
      ...(measurements.length > 0 && { measurements }),
      ...(parallelRuns.length > 0 && { parallelRuns }),
    };
    return this.#pending;
  }

  #takeEvaluations(): readonly EvaluationCount[] {
    const { summary, logger } = this.parts;
    const { unattributed } = summary;
    const evaluations = summary.take();
    if (unattributed > 0) {
      logger.warn(
        `${unattributed} evaluations were not reported: a key has 1 to 256 characters, and one interval no more than ${PAIR_LIMIT} distinct flags and variations. Flag keys must not be built from user input.`,
      );
    }
    return evaluations;
  }

  #takeTracked(): readonly TrackedSum[] {
    const { tracking, logger } = this.parts;
    const { dropped } = tracking;
    const tracked = tracking.take();
    if (dropped > 0) {
      logger.warn(
        `${dropped} tracked events were not reported: an event has a name of 1 to 256 characters, and one interval no more than ${EVENT_LIMIT} of them. They must not be built from user input.`,
      );
    }
    return tracked;
  }

  #takeMeasurements(): readonly Measurement[] {
    const { measurements, takeDroppedUnits, logger } = this.parts;
    const dropped = takeDroppedUnits();
    measurements.countDropped(dropped);
    if (dropped > 0) logger.warn(`${dropped} units were dropped because nobody ended them: call end(), or use run().`);
    const refused = measurements.takeRefused();
    if (refused > 0 && !this.#hasWarnedOfRefusal) {
      this.#hasWarnedOfRefusal = true;
      logger.warn(
        `${refused} measurements were refused, and later ones will be without a word: a metric has a fixed name of 1 to 256 characters, other than unit, mixed and dropped, a service no more than ${METRIC_LIMIT} of them; a value is a finite number up to 1e15, a duration not negative, a count a whole number from 1.`,
      );
    }
    return measurements.take();
  }

  #settle(batch: TelemetryBatch, outcome: SendOutcome): void {
    if (outcome.kind !== 'delivered' && outcome.kind !== 'rejected') {
      this.#failures += 1;
      return;
    }
    if (outcome.kind === 'rejected') this.parts.logger.warn('the control plane rejected a telemetry batch; dropped.');
    this.#pending = undefined;
    this.#failures = 0;
    this.#reportedRevision = batch.instance.revision;
    this.#reportedAtMs = this.parts.runtime.elapsedMs();
  }
}
