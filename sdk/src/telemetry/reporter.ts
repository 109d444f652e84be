import type { Logger } from '../logger.js';
import type { Runtime } from '../runtime.js';
import type { InstanceReport, TelemetryBatch } from './batch.js';
import { ACKNOWLEDGE_WITHIN_MS, QUIET_INTERVAL_MS, reportDelayMs, type SendOutcome } from './report-policy.js';
import type { Summary } from './summary.js';

interface ReporterParts {
  readonly summary: Summary;
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
    const { summary, runtime, newBatchId, describeInstance } = this.parts;
    const instance = describeInstance();
    const { unattributed } = summary;
    const evaluations = summary.take();
    if (unattributed > 0) {
      this.parts.logger.warn(
        `${unattributed} evaluations were not reported: more than ${evaluations.length} distinct flags and variations were asked for in one interval. Flag keys must not be built from user input.`,
      );
    }
    const hasNews = evaluations.length > 0 || instance.revision !== this.#reportedRevision;
    if (!hasNews && !options.evenIfQuiet) return undefined;

    const fromMs = this.#fromMs;
    this.#fromMs = runtime.now();
    this.#pending = {
      batchId: newBatchId(),
      instance,
      from: new Date(fromMs).toISOString(),
      to: new Date(this.#fromMs).toISOString(),
      evaluations,
    };
    return this.#pending;
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
