import { randomUUID } from 'node:crypto';
import { setTimeout as later } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Transaction } from '../../kernel/transactions.js';
import { createDatabase, onPostgres } from '../../../test/contracts/databases.js';
import { TcpLink } from '../../../test/clients/tcp-link.js';
import { lockCommitOrder } from './commit-order.js';
import { type Database, openDatabase } from './open-database.js';
import { clientOf, PrismaTransactions, type TransactionLimits } from './prisma-transactions.js';

const LIMITS: TransactionLimits = { maxWait: 1_000, timeout: 1_000 };
const LONG: TransactionLimits = { maxWait: 1_000, timeout: 10_000 };
const SHORT = { answerMs: 2_000, statementMs: 750, idleTransactionMs: 1_000 };
/** Of tests that wait for limits of seconds, on few cores. */
const SOON_MS = 10_000;

function describeConnection(serverUrl: string): void {
  let link: TcpLink;
  let cutOff: Database;
  let other: Database;
  let drop: () => Promise<void>;
  beforeEach(async () => {
    const { url, drop: dropDatabase } = await createDatabase(serverUrl);
    drop = dropDatabase;
    link = await TcpLink.open(url);
    cutOff = await openDatabase({ url: link.url, dataDir: '' }, {}, SHORT);
    other = await openDatabase({ url, dataDir: '' });
  });
  afterEach(async () => {
    await link.close();
    await Promise.all([cutOff.close(), other.close()]);
    await drop();
  });
  const transactionsOf = ({ client, kind }: Database, limits = LIMITS) => new PrismaTransactions(client, kind, limits);
  beforeAll(() => void Logger.overrideLogger(false)); // what is refused is told of
  afterAll(() => void Logger.overrideLogger(['warn']));
  const settings = async (transactions: PrismaTransactions) => {
    const names = [
      'idle_in_transaction_session_timeout',
      'statement_timeout',
      'tcp_keepalives_idle',
      'tcp_user_timeout',
    ];
    return transactions.read(async (tx) => {
      const shown: unknown[] = [];
      for (const name of names) {
        const [row] = await clientOf(tx).$queryRaw<[{ readonly is: string }]>`SELECT current_setting(${name}) AS is`;
        shown.push(row.is);
      }
      return shown;
    });
  };

  const aProject = async (): Promise<string> => {
    const { id } = await other.client.project.create({
      data: { id: randomUUID(), key: 'shop', name: 'Shop', createdAt: new Date() },
    });
    return id;
  };
  const lockProject = (tx: Transaction, id: string): Promise<number> =>
    clientOf(tx).$executeRaw`SELECT FROM project WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  const count = (tx: Transaction): Promise<number> => clientOf(tx).project.count();
  /** Until so many wait for a lock. */
  const inLine = async (waiting: number): Promise<void> => {
    for (let now = 0; now !== waiting;) {
      const [row] = await other.client.$queryRaw<[{ readonly now: number }]>`
        SELECT count(*)::int AS now FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND datname = current_database()`;
      now = row.now;
    }
  };

  /** A transaction in its middle, which asks once more when it is to go on. */
  const underWay = async (transactions: PrismaTransactions, first: (tx: Transaction) => Promise<unknown> = count) => {
    let begin: () => void = () => undefined;
    let goOn: () => void = () => undefined;
    const hasBegun = new Promise<void>((go) => (begin = go));
    const isToGoOn = new Promise<void>((go) => (goOn = go));
    const within = transactions.run(async (tx) => {
      await first(tx);
      begin();
      await isToGoOn;
      return count(tx);
    });
    await hasBegun;
    return { within, goOn };
  };

  it('the server takes for lost who says nothing, and a long transaction later', async () => {
    expect(await settings(transactionsOf(other))).toEqual(['10s', '7500ms', '10', '25000']);
    expect(await settings(transactionsOf(other, { maxWait: 1_000, timeout: 60_000 }))).toEqual([
      '1min',
      '1min',
      '10',
      '25000',
    ]);
    expect(await settings(transactionsOf(other))).toEqual(['10s', '7500ms', '10', '25000']);
  });

  it('who vanishes with the lock that all writers need keeps it no longer than it may be idle', async () => {
    const lock = (transactions: PrismaTransactions) => transactions.run((tx) => lockCommitOrder(tx));
    let end: () => void = () => undefined;
    const isToEnd = new Promise<void>((go) => (end = go));
    await new Promise<void>((isHeld) => {
      const holding = transactionsOf(cutOff).run(async (tx) => {
        await lockCommitOrder(tx);
        isHeld();
        await isToEnd;
      });
      holding.catch(() => undefined);
    });
    // Those of its own that wait in line get the lock before anybody else.
    for (let n = 0; n < 6; n += 1) lock(transactionsOf(cutOff)).catch(() => undefined);
    await inLine(6);
    link.lose();
    const begun = performance.now();
    await lock(transactionsOf(other, { maxWait: 1_000, timeout: SOON_MS }));
    expect(performance.now() - begun).toBeLessThan(4 * SHORT.idleTransactionMs);
    end();
  });

  it('who waits for a row for longer than a statement may take is told so, however it asked for it', async () => {
    const id = await aProject();
    const { within, goOn } = await underWay(transactionsOf(other, LONG), (tx) => lockProject(tx, id));
    const patient = transactionsOf(cutOff, LONG);
    const asked = [
      patient.run((tx) => lockProject(tx, id)),
      patient.run((tx) => clientOf(tx).project.update({ where: { id }, data: { name: 'Till' } })),
      patient.run((tx) => clientOf(tx).project.updateMany({ data: { name: 'Till' } })),
    ];
    for (const refused of await Promise.allSettled(asked)) {
      expect(refused).toMatchObject({ status: 'rejected', reason: { kind: 'unavailable', code: 'STORE_BUSY' } });
    }
    goOn();
    await within;
  });

  it('who vanishes in line for a row does not get it after the one that vanished with it', async () => {
    const patience = { answerMs: 8_000, statementMs: 1_500, idleTransactionMs: 2_000 };
    const vanished = await openDatabase({ url: link.url, dataDir: '' }, {}, patience);
    const id = await aProject();
    const lock = (transactions: PrismaTransactions) => transactions.run((tx) => lockProject(tx, id));
    let holder: Transaction | undefined;
    const { within, goOn } = await underWay(transactionsOf(vanished, LONG), async (tx) => {
      await lockProject(tx, id);
      holder = tx;
    });
    // The first in line waits for whoever has the row, the next for the first: its wait begins anew when that gives up.
    const waiting = [lock(transactionsOf(vanished, LONG))];
    await inLine(1);
    await later(patience.idleTransactionMs / 4);
    waiting.push(lock(transactionsOf(vanished, LONG)));
    await inLine(2);
    const ended = Promise.allSettled([within, ...waiting]);
    if (holder !== undefined) await count(holder); // it is idle from here
    link.lose();
    const begun = performance.now();
    await lock(transactionsOf(other, LONG));
    expect(performance.now() - begun).toBeLessThan(1.5 * patience.idleTransactionMs);
    goOn();
    link.cut();
    await ended;
    await vanished.close();
  });

  it.each(['hang', 'lose'] as const)('nothing waits for ever for a connection that went silent (%s)', async (how) => {
    const transactions = transactionsOf(cutOff);
    const ask = () => transactions.read((tx) => clientOf(tx).project.count());
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([0, 0, 0]);
    const { within, goOn } = await underWay(transactions);
    link[how]();
    goOn();
    const begun = performance.now();
    const asked = [
      within,
      ask(),
      ask(),
      cutOff.client.project.count(),
      transactions.runRecorded(ask, async () => undefined),
    ];
    const [first, ...others] = (await Promise.allSettled(asked)).map(({ status }) => status);
    expect(first).toBe('rejected');
    // One that was lost is like one that hangs, until the next is opened.
    if (how === 'hang') expect(new Set(others)).toEqual(new Set(['rejected']));
    expect(performance.now() - begun).toBeLessThan(SOON_MS);
    link.mend();
    // Those that went silent are not lent out again.
    expect(await Promise.all(Array.from({ length: 12 }, ask))).toEqual(Array.from({ length: 12 }, () => 0));
  });

  it.each([
    ['begins', async () => undefined],
    ['asks', count],
    ['commits', count],
  ] as const)('who has no store when a transaction %s is told to come again', async (when, first) => {
    const transactions = transactionsOf(cutOff, LONG);
    await transactions.read(count);
    if (when === 'begins') link.cut();
    const cutBefore = async (tx: Transaction): Promise<number> => {
      if (when === 'asks') link.cut();
      const counted = await first(tx);
      if (when === 'commits') link.cut();
      return counted ?? 0;
    };
    const refused = { kind: 'unavailable', code: 'STORE_UNREACHABLE', data: { retryAfterSeconds: 5 } };
    const stored = { message: expect.stringContaining('may have stored this or not') };
    await expect(transactions.run(cutBefore)).rejects.toMatchObject({ ...refused, ...stored });
    const message = 'The database went away; send the request again.';
    await expect(transactions.read(count)).rejects.toMatchObject({ ...refused, message });
    await expect(
      transactions.runRecorded(
        () => transactions.run(count),
        async () => undefined,
      ),
    ).rejects.toMatchObject({ ...refused, ...stored });
  });

  it('who waits for a transaction is told when it outlasts its limits, whatever its connection does', async () => {
    const patient = await openDatabase({ url: link.url, dataDir: '' }, {}, { ...SHORT, answerMs: 60_000 });
    const { within, goOn } = await underWay(transactionsOf(patient));
    link.hang();
    goOn();
    await expect(within).rejects.toMatchObject({ kind: 'unavailable', code: 'STORE_SILENT' });
    link.cut();
    await patient.close();
  });
}

describe('A connection to PostgreSQL', () => onPostgres(describeConnection));
