import { expect, it } from '@jest/globals';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { FakeTransactions } from '../../test/fakes/fake-transactions.js';
import { WebhookQueueRepository } from './webhook-queue.repository.js';
import { WebhookRetention } from './webhook-retention.service.js';

async function sweep(rows: number): Promise<readonly [Date, number][]> {
  const asked: [Date, number][] = [];
  let left = rows;
  const queue = new WebhookQueueRepository();
  queue.forgetEnded = (_tx, before, limit) => {
    asked.push([before, limit]);
    const forgotten = Math.min(left, limit);
    left -= forgotten;
    return Promise.resolve(forgotten);
  };
  await new WebhookRetention(new FakeTransactions(), queue, new FakeClock('2026-01-31T12:00:00.000Z')).forgetOld();
  return asked;
}

it('forgets deliveries 30 days after they ended', async () => {
  expect(await sweep(1)).toEqual([[new Date('2026-01-01T12:00:00.000Z'), 1_000]]);
});

it('goes on while there is more, and leaves the rest of an endless backlog to the next sweep', async () => {
  expect(await sweep(2_500)).toHaveLength(3);
  expect(await sweep(1_000_000)).toHaveLength(20);
});
