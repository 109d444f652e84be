import { describe, expect, it } from '@jest/globals';
import type { AuditFilter } from '../../src/audit/audit-entry.js';
import { AuditRepository } from '../../src/audit/audit.repository.js';
import { AuditService } from '../../src/audit/audit.service.js';
import type { ChainReport } from '../../src/audit/walk-chain.service.js';
import { type Transaction, Transactions } from '../../src/kernel/transactions.js';
import { Topic } from '../../src/platform/bus/bus.js';
import type { Outbox } from '../../src/platform/outbox/outbox.js';
import { OutboxRepository } from '../../src/platform/outbox/outbox.repository.js';
import { clientOf } from '../../src/platform/prisma/prisma-transactions.js';
import { ProjectsRepository } from '../../src/projects/projects.repository.js';
import { aProject } from '../builders/a-project.js';
import { aRequestContext } from '../builders/a-request-context.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { idNumber, SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { useDatabase } from './use-database.js';

/** Everything happens inside one transaction that the test holds open. */
class WithinTransaction extends Transactions {
  constructor(private readonly tx: Transaction) {
    super();
  }

  override run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return work(this.tx);
  }

  override read<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return work(this.tx);
  }
}

class TakenBack extends Error {}

/** Counts the walks over the chain by their beginnings, and fails where it is told to. */
class CountingRepository extends AuditRepository {
  walks = 0;
  failure: Error | undefined;

  override listAfter(...asked: Parameters<AuditRepository['listAfter']>): ReturnType<AuditRepository['listAfter']> {
    if (asked[1] === 0) this.walks += 1;
    return this.failure === undefined ? super.listAfter(...asked) : Promise.reject(this.failure);
  }
}

/** What the audit chain promises on every database. */
export function describeAudit(open: OpenDatabase): void {
  const store = useDatabase(open);
  const entries = new AuditRepository();
  const clock = new FakeClock();
  const ids = new SequentialIds();
  const ctx = aRequestContext();
  const messages = new OutboxRepository(clock);
  /** Nothing is published: what is stored of it is looked at. */
  const outbox = { append: messages.append.bind(messages) } as Pick<Outbox, 'append'> as Outbox;
  const serviceOver = (transactions: Transactions) => new AuditService(transactions, entries, clock, outbox);
  const record = (subject: string, more: object = {}) =>
    store.run((tx) => serviceOver(store.transactions).record(tx, ctx, 'thing.changed', { subject, ...more }));
  const verify = () => serviceOver(store.transactions).verify();
  const list = (projectId: string | undefined, limit: number, after?: string) => narrowed({ projectId }, limit, after);
  const narrowed = (filter: AuditFilter, limit = 50, after?: string) =>
    serviceOver(store.transactions).list(filter, { limit, after });

  it('is whole while it is empty', async () => {
    expect(await verify()).toEqual({ entries: 0, headHash: '', isIntact: true, firstBreak: undefined });
  });

  it('keeps who did what, when, and how it looked before and after', async () => {
    const projectId = idNumber(7);
    await record('flag/new-cart', { projectId, before: { n: 1, at: clock.now() }, after: { n: 2, text: 'ü "q" 1.0' } });
    const { items } = await list(projectId, 1);
    expect(items[0]).toMatchObject({
      at: clock.now(),
      actor: ctx.actor,
      action: 'thing.changed',
      projectId,
      subject: 'flag/new-cart',
      requestId: ctx.requestId,
      before: { n: 1, at: '2026-01-01T00:00:00.000Z' },
      after: { n: 2, text: 'ü "q" 1.0' },
    });
    expect(await verify()).toMatchObject({ isIntact: true });
  });

  it.each<[string, object]>([
    ['fractions', { share: 0.1, tiny: 5e-324, huge: 1.7976931348623157e308, negativeZero: -0 }],
    ['large integers', { n: 9_007_199_254_740_991, e: 1e21 }],
    ['keys in any order and any script', { b: 1, a: { z: [], é: 2, '': 3 }, 10: 'ten', 9: 'nine' }],
    ['nothing at all', {}],
  ])('gives back values that hash as they did when stored: %s', async (_name, after) => {
    await record('thing/one', { after });
    expect(await verify()).toMatchObject({ isIntact: true });
  });

  it('lists newest first, page by page, those of one project when told', async () => {
    const projectId = idNumber(8);
    for (const subject of ['a', 'b', 'c']) await record(subject, { projectId });
    await record('another project', { projectId: idNumber(9) });
    const first = await list(projectId, 2);
    expect(first.items.map(({ subject }) => subject)).toEqual(['c', 'b']);
    const last = first.items.at(-1)?.sequence;
    const second = await list(projectId, 2, String(last));
    expect(second.items.map(({ subject }) => subject)).toEqual(['a']);
    expect(second.nextCursor).toBeNull();
  });

  it('is narrowed to a subject and all below it, who did it, what was done, and when', async () => {
    const projectId = idNumber(17);
    const at = (filter: AuditFilter) =>
      narrowed({ ...filter, projectId }).then(({ items }) => items.map(({ subject }) => subject));
    const subjects = ['flag/a', 'flag/a/production', 'flag/a_b', 'flag/ab'];
    for (const subject of subjects) await record(subject, { projectId, after: { version: 1 } });
    expect(await at({ subject: 'flag/a' })).toEqual(['flag/a/production', 'flag/a']);
    expect(await at({ exactSubject: 'flag/a' })).toEqual(['flag/a']);
    // An underscore and a percent sign are no wildcards.
    expect(await at({ subject: 'flag/a_b' })).toEqual(['flag/a_b']);
    expect(await at({ subject: 'flag/%' })).toEqual([]);
    expect(await at({ action: 'thing' })).toHaveLength(4);
    expect(await at({ action: 'thing.chang' })).toEqual([]);
    expect(await at({ actor: ctx.actor.id, subject: null })).toHaveLength(4);
    expect(await at({ actor: 'nobody' })).toEqual([]);
    expect(await at({ from: clock.now() })).toHaveLength(4);
    expect(await at({ to: clock.now() })).toEqual([]);
    const [newest] = (await narrowed({ projectId })).items;
    const find = (sequence: number, filter: AuditFilter) =>
      store.run((tx) => serviceOver(store.transactions).find(tx, sequence, filter));
    expect(await find(newest?.sequence ?? 0, { projectId })).toEqual(newest);
    expect(await find(newest?.sequence ?? 0, { projectId, subject: 'flag/a' })).toBeNull();
  });

  it('is told of to who listens, with the version and without what it holds', async () => {
    await store.run((tx) => messages.take(tx, 1_000));
    await record('flag/new', {
      projectId: idNumber(18),
      after: { version: 4, secret: 'x', environmentId: idNumber(19) },
    });
    await record('flag/old', { projectId: idNumber(18), before: { version: 4 } });
    const told = await store.run((tx) => messages.take(tx, 10));
    const common = {
      projectId: idNumber(18),
      action: 'thing.changed',
      actor: ctx.actor.name,
      at: clock.now().toISOString(),
    };
    expect(told.map(({ topic, payload }) => ({ topic, payload }))).toEqual([
      {
        topic: 'audit.recorded',
        payload: { ...common, environmentId: idNumber(19), subject: 'flag/new', version: 4, isGone: false },
      },
      {
        topic: 'audit.recorded',
        payload: { ...common, environmentId: null, subject: 'flag/old', version: null, isGone: true },
      },
    ]);
  });

  it('stays whole and loses nobody when many write at once', async () => {
    const { entries: known } = await verify();
    await Promise.all(Array.from({ length: 20 }, (_, i) => record(`parallel/${i}`)));
    expect(await verify()).toMatchObject({ entries: known + 20, isIntact: true });
    const { items } = await list(undefined, 20);
    expect(new Set(items.map(({ subject }) => subject)).size).toBe(20);
  });

  it('is walked once for all who ask at the same time, and anew for who asks later', async () => {
    const counting = new CountingRepository();
    const service = new AuditService(store.transactions, counting, clock, outbox);
    const reports = await Promise.all(Array.from({ length: 10 }, () => service.verify()));
    expect(new Set(reports).size).toBe(1);
    expect(counting.walks).toBe(1);
    await record('thing/later');
    expect(await service.verify()).toMatchObject({ isIntact: true, entries: (reports[0]?.entries ?? 0) + 1 });
    expect(counting.walks).toBe(2);
  });

  it('is asked about again after a walk that failed', async () => {
    const counting = new CountingRepository();
    const service = new AuditService(store.transactions, counting, clock, outbox);
    counting.failure = new TakenBack();
    const asked = await Promise.allSettled([service.verify(), service.verify()]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    counting.failure = undefined;
    expect(await service.verify()).toMatchObject({ isIntact: true });
  });

  it('leaves nothing of a use case that fails: no state, no entry, no message', async () => {
    await store.run((tx) => messages.take(tx, 1_000));
    const before = await verify();
    const project = aProject({ id: ids.next(), key: 'never' });
    let told = 0;
    const failing = store.run(async (tx) => {
      tx.afterCommit(() => (told += 1));
      await new ProjectsRepository().insert(tx, project);
      await messages.append(tx, new Topic<{ readonly n: number }>('tests.never'), { n: 1 });
      await serviceOver(store.transactions).record(tx, ctx, 'project.created', { subject: 'project/never' });
      throw new TakenBack();
    });
    await expect(failing).rejects.toBeInstanceOf(TakenBack);
    expect(await store.run((tx) => new ProjectsRepository().find(tx, 'never'))).toBeNull();
    expect(await store.run((tx) => messages.take(tx, 10))).toEqual([]);
    expect(await verify()).toEqual(before);
    expect(told).toBe(0);
  });

  it.each([
    ['UPDATE', `UPDATE audit_entry SET action = 'nothing.happened'`],
    ['an UPDATE of no row', `UPDATE audit_entry SET action = 'nothing.happened' WHERE false`],
    ['DELETE', `DELETE FROM audit_entry`],
    ['TRUNCATE', `TRUNCATE audit_entry`],
  ])('is refused by the store: %s', async (_name, sql) => {
    const before = await verify();
    const tampering = store.run((tx) => clientOf(tx).$executeRawUnsafe(sql));
    await expect(tampering).rejects.toThrow(/append-only/u);
    expect(await verify()).toEqual(before);
  });

  describe('after someone got round the store', () => {
    /** What a check says of a chain of five entries after some SQL, none of which stays. */
    const verifyAfter = async (...sql: readonly string[]): Promise<ChainReport & { readonly start: number }> => {
      let report: (ChainReport & { readonly start: number }) | undefined;
      const tampering = store.run(async (tx) => {
        const service = serviceOver(new WithinTransaction(tx));
        const { sequence } = await entries.head(tx);
        for (const n of [1, 2, 3, 4, 5]) await service.record(tx, ctx, 'thing.changed', { subject: `thing/${n}` });
        await clientOf(tx).$executeRawUnsafe('ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only');
        for (const each of sql) await clientOf(tx).$executeRawUnsafe(each.replaceAll('$start', String(sequence)));
        report = { ...(await service.verify()), start: sequence };
        throw new TakenBack();
      });
      await expect(tampering).rejects.toBeInstanceOf(TakenBack);
      if (report === undefined) throw new Error('The chain was not checked.');
      return report;
    };

    it.each([
      ['action', `action = 'thing.untouched'`],
      ['actor', `actor_name = 'somebody else'`],
      ['time', `at = at + interval '1 millisecond'`],
      ['subject', `subject = 'thing/0'`],
      ['project', `project_id = '${idNumber(1)}'`],
      ['value before', `before = '{}'`],
      ['value after', `after = '{"n": 1}'`],
      ['hash', `hash = 'forged'`],
    ])('finds an entry whose %s was altered', async (_name, change) => {
      const report = await verifyAfter(`UPDATE audit_entry SET ${change} WHERE sequence = $start + 3`);
      expect(report).toMatchObject({
        isIntact: false,
        firstBreak: { sequence: report.start + 3, problem: 'altered' },
      });
    });

    it('finds the gap of an entry that was taken out', async () => {
      const report = await verifyAfter('DELETE FROM audit_entry WHERE sequence = $start + 2');
      expect(report.firstBreak).toEqual({ sequence: report.start + 2, problem: 'missing' });
    });

    it('finds an entry that was taken out when the rest was moved up', async () => {
      const report = await verifyAfter(
        'DELETE FROM audit_entry WHERE sequence = $start + 2',
        'UPDATE audit_entry SET sequence = sequence - 1 WHERE sequence > $start + 2',
      );
      expect(report.firstBreak).toEqual({ sequence: report.start + 2, problem: 'altered' });
    });

    it('finds two entries that changed places', async () => {
      const report = await verifyAfter(
        'UPDATE audit_entry SET sequence = -1 WHERE sequence = $start + 2',
        'UPDATE audit_entry SET sequence = $start + 2 WHERE sequence = $start + 3',
        'UPDATE audit_entry SET sequence = $start + 3 WHERE sequence = -1',
      );
      expect(report).toMatchObject({ isIntact: false, firstBreak: { sequence: report.start + 2 } });
    });

    it('finds that the newest entries are gone', async () => {
      const report = await verifyAfter('DELETE FROM audit_entry WHERE sequence > $start + 3');
      expect(report.firstBreak).toEqual({ sequence: report.start + 4, problem: 'truncated' });
    });

    it('finds that all entries are gone', async () => {
      const report = await verifyAfter('DELETE FROM audit_entry');
      expect(report.firstBreak).toEqual({ sequence: 1, problem: 'truncated' });
    });

    it('finds that the head was moved back', async () => {
      const report = await verifyAfter('UPDATE audit_head SET sequence = sequence - 1');
      expect(report).toMatchObject({ isIntact: false });
    });

    it('finds nothing wrong when nothing was done', async () => {
      expect(await verifyAfter()).toMatchObject({ isIntact: true, firstBreak: undefined });
    });
  });
}
