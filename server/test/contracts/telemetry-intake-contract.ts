import { expect, it } from '@jest/globals';
import { Transactions, type Transaction } from '../../src/kernel/transactions.js';
import { InstancesRepository } from '../../src/telemetry/instances.repository.js';
import { MeasurementsRepository } from '../../src/telemetry/measurements.repository.js';
import { ReportSinks } from '../../src/telemetry/report-sinks.service.js';
import { TelemetryIntake } from '../../src/telemetry/telemetry-intake.service.js';
import { TelemetryRepository } from '../../src/telemetry/telemetry.repository.js';
import { TrackedEventsRepository } from '../../src/telemetry/tracked-events.repository.js';
import { aTelemetryReport } from '../builders/a-telemetry-report.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { useDatabase } from './use-database.js';

const REPORTS = 200;
const noon = new Date('2026-01-01T12:00:00.000Z');

class CountedTransactions extends Transactions {
  count = 0;

  constructor(private readonly real: Transactions) {
    super();
  }

  override run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    this.count += 1;
    return this.real.run(work);
  }

  override read<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.real.read(work);
  }
}

/** What the intake of reports promises on every database. */
export function describeIntake(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const telemetry = new TelemetryRepository();
  const tracked = new TrackedEventsRepository();
  const measurements = new MeasurementsRepository();
  const instances = new InstancesRepository();

  const openIntake = () => {
    const transactions = new CountedTransactions(store.transactions);
    const sinks = new ReportSinks();
    const intake = new TelemetryIntake(transactions, telemetry, tracked, measurements, instances, sinks);
    return { transactions, intake };
  };
  const reportOf = (environmentId: string, number: number) => {
    const flags = Array.from({ length: 20 }, (_, i) => `flag-${i}`);
    const report = aTelemetryReport({
      batchId: `batch-${number}`,
      instance: { ...aTelemetryReport().instance, id: `instance-${number}` },
      usage: (number % 2 === 0 ? flags : flags.toReversed()).map((flagKey) => {
        return { flagKey, variation: 'on', count: number, lastAt: noon };
      }),
      tracked: [{ event: 'bought', count: 1, sum: number, lastAt: noon }],
    });
    return { environmentId, receivedAt: noon, report };
  };
  const numbers = Array.from({ length: REPORTS }, (_, i) => i + 1);
  const sum = numbers.reduce((total, number) => total + number, 0);

  const expectExact = async (environmentId: string): Promise<void> => {
    for (const flag of ['flag-0', 'flag-19']) {
      const usage = await store.run((tx) => telemetry.listUsage(tx, [environmentId], [flag]));
      expect(usage).toEqual([{ environmentId, flagKey: flag, variation: 'on', count: sum, lastAt: noon }]);
    }
    const page = { limit: 10, after: undefined };
    expect(await store.run((tx) => tracked.list(tx, environmentId, page))).toEqual([
      { event: 'bought', count: REPORTS, sum, lastAt: noon },
    ]);
    expect(await store.run((tx) => instances.count(tx, environmentId, { from: noon }))).toBe(REPORTS);
  };

  it('stores a burst of two hundred reports exactly, in a transaction or two', async () => {
    const environmentId = ids.next();
    const { intake, transactions } = openIntake();
    await Promise.all(numbers.map((number) => intake.take(reportOf(environmentId, number))));
    await expectExact(environmentId);
    expect(transactions.count).toBeLessThanOrEqual(2);
  });

  it('counts every report once that several replicas are sent at once', async () => {
    const environmentId = ids.next();
    const replicas = [openIntake(), openIntake(), openIntake()];
    const receipts = await Promise.all(
      replicas.flatMap(({ intake }, replica) =>
        (replica === 1 ? numbers.toReversed() : numbers).map((number) => intake.take(reportOf(environmentId, number))),
      ),
    );
    expect(receipts.filter(({ duplicate }) => !duplicate)).toHaveLength(REPORTS);
    await expectExact(environmentId);
  });
}
