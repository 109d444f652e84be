import { expect, it } from '@jest/globals';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { FakeTransactions } from '../../test/fakes/fake-transactions.js';
import { RunRetentionRepository } from './run-retention.repository.js';
import { RunRetention } from './run-retention.service.js';

/** Forgets with so many old rows in each table; answers what was asked of which. */
async function sweep(old: number): Promise<readonly string[]> {
  const asked: string[] = [];
  const left = new Map<string, number>();
  const forget = (table: string, before: Date, limit: number): Promise<number> => {
    asked.push(`${table} ${before.toISOString()}`);
    const rows = left.get(table) ?? old;
    left.set(table, Math.max(0, rows - limit));
    return Promise.resolve(Math.min(rows, limit));
  };
  const repository = new RunRetentionRepository();
  repository.forgetEpochs = (_tx, table, before, limit) => forget(table, before, limit);
  repository.forgetVersions = (_tx, before, limit) => forget('versions', before, limit);
  repository.forgetMinutes = (_tx, before, limit) => forget('minutes', before, limit);
  const clock = new FakeClock('2026-03-10T12:34:56.000Z');
  await new RunRetention(new FakeTransactions(), repository, clock).forgetOld();
  return asked;
}

it('forgets what was not added to for 30 days', async () => {
  const tables = ['totals', 'signatures', 'shapes', 'versions', 'minutes'];
  expect(await sweep(0)).toEqual(tables.map((table) => `${table} 2026-02-08T12:34:56.000Z`));
});

it('goes on while there is more, and leaves the rest of an endless backlog to the next sweep', async () => {
  expect((await sweep(12_000)).filter((each) => each.startsWith('shapes'))).toHaveLength(3);
  expect((await sweep(1_000_000)).filter((each) => each.startsWith('minutes'))).toHaveLength(20);
});
