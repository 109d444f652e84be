import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Transaction } from '../../src/kernel/transactions.js';
import { clientOf, PrismaTransactions } from '../../src/platform/prisma/prisma-transactions.js';
import { EnvironmentsRepository } from '../../src/projects/environments.repository.js';
import { ProjectsRepository } from '../../src/projects/projects.repository.js';
import { anEnvironment, aProject } from '../builders/a-project.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { useDatabase } from './use-database.js';

/** What transactions promise on every database when others stand in their way. */
export function describeTransactions(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const environments = new EnvironmentsRepository();

  // What is refused is told of, and here it is meant to be.
  beforeAll(() => void Logger.overrideLogger(false));
  afterAll(() => void Logger.overrideLogger(['warn']));

  async function aPair(): Promise<{ readonly a: string; readonly b: string }> {
    const project = aProject({ id: ids.next(), key: `p${ids.next().slice(-12)}` });
    const [a, b] = ['a', 'b'].map((key) => anEnvironment({ id: ids.next(), projectId: project.id, key }));
    if (a === undefined || b === undefined) throw new Error('Two were made.');
    await store.run(async (tx) => {
      await new ProjectsRepository().insert(tx, project);
      for (const each of [a, b]) await environments.insert(tx, each);
    });
    return { a: a.id, b: b.id };
  }
  const revisionOf = async (id: string): Promise<number | undefined> =>
    (await store.run((tx) => environments.findWithProjectKey(tx, id)))?.revision;
  /** Says what the store says when it undoes a transaction, as it does to either of two that wait for each other. */
  const beUndone = (tx: Transaction, code: string) =>
    clientOf(tx).$executeRawUnsafe(`DO $$ BEGIN RAISE EXCEPTION 'undone' USING ERRCODE = '${code}'; END $$`);

  it('two that wait for each other both come to their end, each once', async () => {
    const { a, b } = await aPair();
    const begun: string[] = [];
    const effects: string[] = [];
    let waiting = 2;
    let open: () => void = () => undefined;
    const bothHoldOne = new Promise<void>((resolve) => (open = resolve));
    const change = (name: string, first: string, second: string) =>
      store.run(async (tx) => {
        begun.push(name);
        tx.afterCommit(() => effects.push(name));
        await environments.advanceRevision(tx, first);
        waiting -= 1;
        // The one connection of PGlite lets the other in when this one has ended.
        if (waiting <= 0 || store.database.kind === 'pglite') open();
        await bothHoldOne;
        return environments.advanceRevision(tx, second);
      });
    await Promise.all([change('ab', a, b), change('ba', b, a)]);
    expect([await revisionOf(a), await revisionOf(b)]).toEqual([2, 2]);
    expect(effects.sort()).toEqual(['ab', 'ba']);
    expect(begun).toHaveLength(store.database.kind === 'pglite' ? 2 : 3);
  });

  describe.each([
    ['a deadlock', '40P01'],
    ['a serialization failure', '40001'],
  ])('one that %s undid', (_name, code) => {
    it('begins anew, and nothing of the first time is stored', async () => {
      const { a } = await aPair();
      let runs = 0;
      const effects: number[] = [];
      const revision = await store.run(async (tx) => {
        const run = (runs += 1);
        tx.afterCommit(() => effects.push(run));
        const advanced = await environments.advanceRevision(tx, a);
        if (run < 3) await beUndone(tx, code);
        return advanced;
      });
      expect([revision, await revisionOf(a), effects]).toEqual([1, 1, [3]]);
    });

    it('again and again is refused in the end: whoever asked may ask again', async () => {
      const { a } = await aPair();
      let runs = 0;
      const undone = store.run(async (tx) => {
        runs += 1;
        await environments.advanceRevision(tx, a);
        await beUndone(tx, code);
      });
      await expect(undone).rejects.toMatchObject({ kind: 'unavailable', code: 'STORE_BUSY' });
      expect([runs, await revisionOf(a)]).toEqual([4, 0]);
    });

    it('is not run again when it is only part of what is recorded', async () => {
      const { a } = await aPair();
      const { transactions } = store;
      let runs = 0;
      const recorded = transactions.runRecorded(
        () =>
          transactions.run(async (tx) => {
            runs += 1;
            await environments.advanceRevision(tx, a);
            await beUndone(tx, code);
          }),
        () => Promise.resolve(),
      );
      await expect(recorded).rejects.toMatchObject({ kind: 'unavailable', code: 'STORE_BUSY' });
      expect([runs, await revisionOf(a)]).toEqual([1, 0]);
    });
  });

  it('one that takes too long is undone and refused: whoever asked may ask again', async () => {
    const { a } = await aPair();
    const tight = new PrismaTransactions(store.database.client, store.database.kind, { maxWait: 5_000, timeout: 50 });
    let runs = 0;
    const endless = async (tx: Transaction): Promise<never> => {
      runs += 1;
      // PGlite answers within the turn, in which no clock can strike.
      for (;;) await turn().then(() => environments.advanceRevision(tx, a));
    };
    await expect(tight.run(endless)).rejects.toMatchObject({ kind: 'unavailable', code: 'STORE_BUSY' });
    await expect(tight.read(endless)).rejects.toMatchObject({ kind: 'unavailable', code: 'STORE_BUSY' });
    expect([runs, await revisionOf(a)]).toEqual([2, 0]);
  });

  it.each(['55P03', '57014'])('one that waited too long (%s) is refused, and not run again', async (code) => {
    let runs = 0;
    const waiting = store.run((tx) => {
      runs += 1;
      return beUndone(tx, code);
    });
    await expect(waiting).rejects.toMatchObject({ kind: 'unavailable', code: 'STORE_BUSY' });
    expect(runs).toBe(1);
  });

  it('one that fails otherwise fails at once, as it does', async () => {
    let runs = 0;
    const failing = store.run((tx) => {
      runs += 1;
      return beUndone(tx, '23514');
    });
    await expect(failing).rejects.toThrow('undone');
    expect(runs).toBe(1);
  });
}
