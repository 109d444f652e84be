import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { unavailable } from '../kernel/errors.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { InstancesRepository } from './instances.repository.js';
import { MeasurementsRepository } from './measurements.repository.js';
import { type ArrivedReport, firstOfEachBatch, mergeReports } from './merge-reports.js';
import { ReportQueue } from './report-queue.js';
import { ReportSinks } from './report-sinks.service.js';
import { TelemetryRepository } from './telemetry.repository.js';
import { TrackedEventsRepository } from './tracked-events.repository.js';

/** What became of a batch. A duplicate is accepted too: the SDK has nothing to repeat. */
export interface Receipt {
  readonly accepted: true;
  readonly duplicate: boolean;
}

type WaitingReport = ArrivedReport & {
  readonly accept: (receipt: Receipt) => void;
  readonly refuse: (error: Error) => void;
};

/** Long enough for a burst to merge, short enough for nobody to notice. */
const GATHER_MS = 50;
/**
 * While reports keep coming: what a group costs hardly depends on how many it merges, so that a fleet costs two groups
 * a second, and not one for every few of its reports.
 */
const GATHER_WHILE_BUSY_MS = 500;
const RETRY_AFTER_SECONDS = 5;

/**
 * Stores reports in groups, because a fleet that acknowledges a revision reports within a second: one transaction at
 * a time, of a constant number of statements however many reports it takes in. What arrives meanwhile gathers for the
 * next. A report is answered once it is stored.
 */
@Injectable()
export class TelemetryIntake implements BeforeApplicationShutdown {
  private readonly logger = new Logger(TelemetryIntake.name);
  private readonly queue = new ReportQueue<WaitingReport>();
  private running: Promise<void> | undefined;
  private endGathering: () => void = () => undefined;
  private isStopping = false;
  /** The group before this one held several reports: more are to be expected. */
  private isBusy = false;

  constructor(
    private readonly transactions: Transactions,
    private readonly telemetry: TelemetryRepository,
    private readonly tracked: TrackedEventsRepository,
    private readonly measurements: MeasurementsRepository,
    private readonly instances: InstancesRepository,
    private readonly sinks: ReportSinks,
  ) {}

  /** Stores one report, together with others. Rejects with `unavailable` when it was not stored. */
  take(arrived: ArrivedReport): Promise<Receipt> {
    return new Promise((accept, refuse) => {
      if (!this.queue.add({ ...arrived, accept, refuse })) {
        refuse(notStored('TELEMETRY_QUEUE_FULL', 'Too many reports are waiting to be stored'));
        return;
      }
      if (this.queue.hasGroup) this.endGathering();
      this.running ??= this.drain();
    });
  }

  /** Stores what has arrived. Requests that are still under way are stored at once when they come. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.endGathering();
    await this.running;
  }

  private async drain(): Promise<void> {
    while (!this.queue.isEmpty) {
      if (!this.isStopping && !this.queue.hasGroup) await this.gather();
      const group = this.queue.takeGroup();
      this.isBusy = group.length > 1;
      await this.store(group);
    }
    // At once, not a moment later: whatever arrives from here on has to start the next.
    this.running = undefined;
  }

  private async gather(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.isBusy ? GATHER_WHILE_BUSY_MS : GATHER_MS);
      this.endGathering = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.endGathering = () => undefined;
  }

  /**
   * Stores a group and answers it; never rejects. A group that the store would not take is halved until what it
   * cannot take stands alone, so that no report keeps others from being stored. A store out of reach is asked no more.
   */
  private async store(group: readonly WaitingReport[]): Promise<void> {
    let isOpen = false;
    try {
      const counted = await this.transactions.run((tx) => {
        isOpen = true;
        return this.count(tx, group);
      });
      for (const each of group) each.accept({ accepted: true, duplicate: !counted.has(each) });
    } catch (error) {
      if (isOpen && group.length > 1) {
        const middle = Math.ceil(group.length / 2);
        await this.store(group.slice(0, middle));
        await this.store(group.slice(middle));
        return;
      }
      if (isOpen) this.logger.error({ err: error, batch: batchOf(group) }, 'A report could not be stored.');
      else this.logger.warn(error, `The store is out of reach; ${group.length} reports will be sent again.`);
      const refusal = notStored('TELEMETRY_NOT_STORED', 'The report could not be stored');
      for (const each of group) each.refuse(refusal);
    }
  }

  /** Adds up those reports whose batch was not counted before, and tells which they are. */
  private async count(tx: Transaction, group: readonly WaitingReport[]): Promise<ReadonlySet<WaitingReport>> {
    const counted = await this.telemetry.claimBatches(tx, firstOfEachBatch(group));
    const { usage, tracked, arms, ordinary, instances } = mergeReports(counted);
    await this.telemetry.addUsage(tx, usage);
    await this.tracked.add(tx, tracked);
    await this.measurements.addToArms(tx, arms);
    await this.measurements.addToHistory(tx, ordinary);
    await this.instances.save(tx, instances);
    await this.sinks.count(tx, counted);
    return new Set(counted);
  }
}

function notStored(code: string, what: string): Error {
  const message = `${what}; send the same batch again in ${RETRY_AFTER_SECONDS} s.`;
  return unavailable(code, message, { data: { retryAfterSeconds: RETRY_AFTER_SECONDS } });
}

function batchOf([first]: readonly ArrivedReport[]): object | undefined {
  return first && { environmentId: first.environmentId, batchId: first.report.batchId };
}
