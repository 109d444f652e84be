import { expect, it } from '@jest/globals';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { FakeTransactions } from '../../test/fakes/fake-transactions.js';
import { InstancesRepository } from './instances.repository.js';
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

async function sweep(batches: OldRows, instances: OldRows): Promise<void> {
  const telemetry = new TelemetryRepository();
  telemetry.forgetBatches = (_tx, before, limit) => batches.forget(before, limit);
  const instancesRepository = new InstancesRepository();
  instancesRepository.forget = (_tx, before, limit) => instances.forget(before, limit);
  const clock = new FakeClock('2026-01-10T12:00:00.000Z');
  await new TelemetryRetention(new FakeTransactions(), telemetry, instancesRepository, clock).forgetOld();
}

it('forgets batch ids after a day and instances after seven', async () => {
  const [batches, instances] = [new OldRows(1), new OldRows(1)];
  await sweep(batches, instances);
  expect(batches.asked).toMatchObject([{ before: new Date('2026-01-09T12:00:00.000Z') }]);
  expect(instances.asked).toMatchObject([{ before: new Date('2026-01-03T12:00:00.000Z') }]);
});

it('goes on while there is more, in transactions of bounded size', async () => {
  const batches = new OldRows(12_000);
  await sweep(batches, new OldRows(0));
  expect(batches.asked.map(({ limit }) => limit)).toEqual([5_000, 5_000, 5_000]);
});

it('leaves the rest of an endless backlog to the next sweep', async () => {
  const [batches, instances] = [new OldRows(1_000_000), new OldRows(1)];
  await sweep(batches, instances);
  expect(batches.asked).toHaveLength(20);
  expect(instances.asked).toHaveLength(1);
});
