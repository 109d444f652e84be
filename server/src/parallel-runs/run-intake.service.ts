import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { type ArrivedReport, ReportSinks } from '../telemetry/index.js';
import { mergeRunReports, type PlacedReport, placeKey, signatureKey } from './merge-run-reports.js';
import { type CountedRun, RunSettingsRepository } from './run-settings.repository.js';
import { RunSignaturesRepository } from './run-signatures.repository.js';
import { RunSumsRepository } from './run-sums.repository.js';
import { wireEpoch } from './wire-epoch.js';

const NOTHING = { count: 0, known: new Set<string>() };

/**
 * Counts what SDKs compared, in the transaction that remembers their batches. What they say of a run that is not set
 * here, or of an epoch that is over, counts nowhere: it was compared under other rules. No row is locked that a use case
 * needs; those who count the same run wait for each other.
 */
@Injectable()
export class RunIntake implements OnModuleInit {
  private readonly logger = new Logger(RunIntake.name);

  constructor(
    private readonly sinks: ReportSinks,
    private readonly settings: RunSettingsRepository,
    private readonly sums: RunSumsRepository,
    private readonly signatures: RunSignaturesRepository,
  ) {}

  onModuleInit(): void {
    this.sinks.register((tx, reports) => this.count(tx, reports));
  }

  async count(tx: Transaction, arrived: readonly ArrivedReport[]): Promise<void> {
    const reports = await this.place(tx, arrived);
    if (reports.length === 0) return;
    await this.sums.lockCounting(tx, reports);
    const signatureStock = await this.signatures.stock(
      tx,
      distinct(
        reports.flatMap(({ report: { candidate, signatures }, ...place }) =>
          signatures.map(({ id }) => ({ ...place, candidate, id })),
        ),
        (key) => `${placeKey(key)} ${signatureKey(key.candidate, key.id)}`,
      ),
    );
    const shapeStock = await this.sums.stockOfShapes(
      tx,
      distinct(
        reports.flatMap(({ report, ...place }) => report.shapes.map(([shape]) => ({ ...place, shape }))),
        (key) => `${placeKey(key)} ${key.shape}`,
      ),
    );
    const merged = mergeRunReports(reports, {
      signatures: (place) => signatureStock.get(placeKey(place)) ?? NOTHING,
      shapes: (place) => shapeStock.get(placeKey(place)) ?? NOTHING,
    });
    await this.sums.addTotals(tx, merged.totals);
    await this.sums.forgetOldestPairs(tx, merged.totals);
    await this.sums.addMinutes(tx, merged.minutes);
    await this.sums.addShapes(tx, merged.shapes);
    await this.signatures.add(tx, merged.signatures);
  }

  /** Reports of runs that are known, in the epoch they are at. */
  private async place(tx: Transaction, arrived: readonly ArrivedReport[]): Promise<readonly PlacedReport[]> {
    const said = arrived.flatMap(({ environmentId, receivedAt, report }) =>
      report.parallelRuns.map((each) => ({ environmentId, receivedAt, report: each })),
    );
    if (said.length === 0) return [];
    const named = new Map(said.map(({ environmentId, report }) => [keyOf(environmentId, report.run), report.run]));
    const asked = [...named].map(([at, key]) => ({ environmentId: at.slice(0, at.indexOf(' ')), key }));
    const counted = new Map(
      (await this.settings.listCounted(tx, asked)).map((run): readonly [string, CountedRun] => [
        keyOf(run.environmentId, run.key),
        run,
      ]),
    );
    const placed = said.flatMap(({ environmentId, report, ...heard }): readonly PlacedReport[] => {
      const run = counted.get(keyOf(environmentId, report.run));
      if (run === undefined || wireEpoch(run.runId, run.epoch) !== report.epoch) return [];
      const { runId, epoch, windowMs } = run;
      return [{ environmentId, runId, epoch, windowMs, report, ...heard }];
    });
    const dropped = said.length - placed.length;
    if (dropped > 0) this.logger.debug(`${dropped} of ${said.length} reports are of no run or epoch that counts.`);
    return placed;
  }
}

function keyOf(environmentId: string, run: string): string {
  return `${environmentId} ${run}`;
}

function distinct<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
