import { expect, it } from '@jest/globals';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { FakeTransactions } from '../../test/fakes/fake-transactions.js';
import { InstancesRepository } from './instances.repository.js';
import { MeasurementsRepository } from './measurements.repository.js';
import { TelemetryRetention } from './telemetry-retention.service.js';
import { TelemetryRepository } from './telemetry.repository.js';

/** So many old rows, and what was asked of them. */
class OldRows {
  readonly asked: { readonly before: Date; readonly limit: number }[] = [];

  constructor(private left: number) {}

  forget(before: Date, limit: number): Promise<number> {
    this.asked.push({ before, limit });
    const forgotten = Math.min(this.left, limit);
    this.left -= forgotten;
    return Promise.resolve(forgotten);
  }
}

interface Sweep {
  readonly batches: OldRows;
  readonly instances: OldRows;
  readonly minutes: OldRows;
  readonly hours: OldRows;
  readonly arms: OldRows;
  readonly callers: OldRows;
  readonly usageHours: OldRows;
}

async function sweep(old: Partial<Sweep>): Promise<Sweep> {
  const rows = (name: keyof Sweep): OldRows => old[name] ?? new OldRows(0);
  const [batches, instances, minutes] = [rows('batches'), rows('instances'), rows('minutes')];
  const [hours, arms, callers] = [rows('hours'), rows('arms'), rows('callers')];
  const usageHours = rows('usageHours');
  const telemetry = new TelemetryRepository();
  telemetry.forgetBatches = (_tx, before, limit) => batches.forget(before, limit);
  telemetry.forgetUsageHours = (_tx, before, limit) => usageHours.forget(before, limit);
  const instancesRepository = new InstancesRepository();
  instancesRepository.forget = (_tx, before, limit) => instances.forget(before, limit);
  const clock = new FakeClock('2026-03-10T12:34:56.000Z');
  const measurements = new MeasurementsRepository();
  measurements.foldMinutes = (_tx, before, limit) => minutes.forget(before, limit);
  measurements.forgetHours = (_tx, before, limit) => hours.forget(before, limit);
  measurements.forgetArms = (_tx, before, limit) => arms.forget(before, limit);
  measurements.forgetCallers = (_tx, before, limit) => callers.forget(before, limit);
  const store = new FakeTransactions();
  await new TelemetryRetention(store, telemetry, instancesRepository, measurements, clock).forgetOld();
  return { batches, instances, minutes, hours, arms, callers, usageHours };
}

it('forgets batch ids after a day and instances after seven', async () => {
  const { batches, instances } = await sweep({});
  expect(batches.asked).toMatchObject([{ before: new Date('2026-03-09T12:34:56.000Z') }]);
  expect(instances.asked).toMatchObject([{ before: new Date('2026-03-03T12:34:56.000Z') }]);
});

it('folds minutes into whole hours after two days, and forgets measurements after 35', async () => {
  const { minutes, hours, arms, callers, usageHours } = await sweep({});
  expect(minutes.asked).toMatchObject([{ before: new Date('2026-03-08T12:00:00.000Z') }]);
  for (const { asked } of [hours, arms, callers, usageHours]) {
    expect(asked).toMatchObject([{ before: new Date('2026-02-03T12:34:56.000Z') }]);
  }
});

it('goes on while there is more, in transactions of bounded size', async () => {
  const { batches } = await sweep({ batches: new OldRows(12_000) });
  expect(batches.asked.map(({ limit }) => limit)).toEqual([5_000, 5_000, 5_000]);
});

it('leaves the rest of an endless backlog to the next sweep', async () => {
  const { batches, instances } = await sweep({ batches: new OldRows(1_000_000) });
  expect(batches.asked).toHaveLength(20);
  expect(instances.asked).toHaveLength(1);
});
