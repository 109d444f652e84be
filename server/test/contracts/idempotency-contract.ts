import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Json } from '../../src/kernel/json.js';
import { Topic } from '../../src/platform/bus/bus.js';
import { type ClaimedKey, IdempotencyRepository } from '../../src/platform/http/idempotency.repository.js';
import { OutboxRepository } from '../../src/platform/outbox/outbox.repository.js';
import { clientOf, type PrismaTransactions } from '../../src/platform/prisma/prisma-transactions.js';
import { FakeClock } from '../fakes/fake-clock.js';
import type { OpenDatabase } from './databases.js';
import { useDatabase } from './use-database.js';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;

/** What the repository of Idempotency-Keys promises on every database. */
export function describeIdempotency(open: OpenDatabase): void {
  const store = useDatabase(open);
  const clock = new FakeClock();
  let records: IdempotencyRepository;
  let actor: string;
  let actors = 0;
  const claim = (key = 'key', fingerprint = 'payload') => records.claim(actor, key, fingerprint);
  const claimed = async (): Promise<ClaimedKey> => {
    const claiming = await claim();
    if (claiming.kind !== 'claimed') throw new Error(`The key is ${claiming.kind}.`);
    return claiming.claimed;
  };
  const answer = async (key: ClaimedKey, status = 201, body: Json = {}) =>
    store.run((tx) => records.keepAnswer(tx, key, status, body));

  beforeEach(() => {
    records = new IdempotencyRepository(store.database.client, clock);
    actor = `actor-${(actors += 1)}`;
  });

  it('lets the first request claim a key and holds others off while it runs', async () => {
    expect(await claim()).toMatchObject({ kind: 'claimed' });
    expect(await claim()).toEqual({ kind: 'inFlight' });
  });

  it('lets one of many simultaneous requests claim a key', async () => {
    const claims = await Promise.all(Array.from({ length: 20 }, () => claim()));
    expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    expect(claims.filter(({ kind }) => kind === 'inFlight')).toHaveLength(19);
  });

  it('repeats the answer for the same payload', async () => {
    await answer(await claimed(), 201, { id: '1', nested: { list: [null, 'ü'] } });
    expect(await claim()).toEqual({ kind: 'answered', status: 201, body: { id: '1', nested: { list: [null, 'ü'] } } });
  });

  it('tells another payload apart, during and after the first request', async () => {
    const key = await claimed();
    expect(await claim('key', 'other')).toEqual({ kind: 'otherPayload' });
    await answer(key);
    expect(await claim('key', 'other')).toEqual({ kind: 'otherPayload' });
  });

  it('keeps keys of different callers apart', async () => {
    await claim();
    expect(await records.claim(`${actor} the second`, 'key', 'payload')).toMatchObject({ kind: 'claimed' });
  });

  it('frees the key of a failed request', async () => {
    await records.release(await claimed());
    expect(await claim('key', 'mended')).toMatchObject({ kind: 'claimed' });
  });

  it('takes a request for crashed after a minute, not before', async () => {
    await claim();
    clock.advance(60 * SECOND_MS);
    expect(await claim()).toEqual({ kind: 'inFlight' });
    clock.advance(SECOND_MS);
    expect(await claim()).toMatchObject({ kind: 'claimed' });
  });

  it('keeps answers for a day, not longer', async () => {
    await answer(await claimed());
    clock.advance(24 * HOUR_MS);
    expect(await claim()).toMatchObject({ kind: 'answered' });
    clock.advance(SECOND_MS);
    expect(await claim()).toMatchObject({ kind: 'claimed' });
  });

  it('knows a request that was taken for crashed from the one that took its place', async () => {
    const first = await claimed();
    clock.advance(61 * SECOND_MS);
    const second = await claimed();
    await expect(answer(first)).rejects.toMatchObject({ code: 'IDEMPOTENT_REQUEST_OVERTAKEN' });
    await records.release(first);
    await answer(second, 201, { by: 'second' });
    await expect(answer(second)).rejects.toMatchObject({ code: 'IDEMPOTENT_REQUEST_OVERTAKEN' });
    await records.release(second);
    expect(await claim()).toMatchObject({ kind: 'answered', body: { by: 'second' } });
  });

  describe('with what the request did', () => {
    const outbox = new OutboxRepository(clock);
    let transactions: PrismaTransactions;
    let topic: Topic<null>;
    const act = (onCommit: () => void = () => undefined) =>
      transactions.run(async (tx) => {
        tx.afterCommit(onCommit);
        await outbox.append(tx, topic, null);
        return 'done';
      });
    const acts = () => transactions.read((tx) => clientOf(tx).outboxMessage.count({ where: { topic: topic.name } }));
    /** Performs a request under a claimed key, as IdempotentPosts does. */
    const perform = (key: ClaimedKey, work: () => Promise<string>) =>
      transactions.runRecorded(work, (tx, body) => records.keepAnswer(tx, key, 201, { body }));
    const keptAnswer = async () => {
      const found = await claim();
      return found.kind === 'answered' ? found.body : found.kind;
    };
    beforeEach(() => {
      transactions = store.transactions;
      topic = new Topic(`tests.${actor}`);
    });

    it('keeps both', async () => {
      expect(await perform(await claimed(), () => act())).toBe('done');
      expect(await acts()).toBe(1);
      expect(await keptAnswer()).toEqual({ body: 'done' });
    });

    it('keeps neither when it dies between the two', async () => {
      const dying = transactions.runRecorded(act, () => Promise.reject(new Error('killed')));
      await expect(dying).rejects.toThrow('killed');
      expect(await acts()).toBe(0);
    });

    it('keeps neither when the work fails after it stored something', async () => {
      const key = await claimed();
      const failing = perform(key, async () => {
        await act();
        throw new Error('no answer');
      });
      await expect(failing).rejects.toThrow('no answer');
      expect(await acts()).toBe(0);
      expect(await keptAnswer()).toBe('inFlight');
    });

    it('keeps neither when another request took its place', async () => {
      const first = await claimed();
      clock.advance(61 * SECOND_MS);
      const second = await claimed();
      await expect(perform(first, act)).rejects.toMatchObject({ code: 'IDEMPOTENT_REQUEST_OVERTAKEN' });
      expect(await acts()).toBe(0);
      await perform(second, act);
      expect(await acts()).toBe(1);
    });

    it('keeps the answer of a request that stored nothing', async () => {
      await perform(await claimed(), () => Promise.resolve('nothing'));
      expect(await keptAnswer()).toEqual({ body: 'nothing' });
    });

    it('takes all transactions of a request for one, in which reads see what was done', async () => {
      const seen: number[] = [];
      await perform(await claimed(), async () => {
        for (let at = 0; at < 3; at++) {
          await act();
          seen.push(await acts());
        }
        return 'done';
      });
      expect(seen).toEqual([1, 2, 3]);
      expect(await acts()).toBe(3);
    });

    it('keeps nothing of a request that makes light of a transaction that failed', async () => {
      const careless = perform(await claimed(), async () => {
        await act();
        await transactions.run(() => Promise.reject(new Error('ignored'))).catch(() => undefined);
        return 'done';
      });
      await expect(careless).rejects.toThrow('ignored');
      expect(await acts()).toBe(0);
    });

    it('lets effects follow when both are kept, and never when they are not', async () => {
      const effects: string[] = [];
      const record = async () => void effects.push('recorded');
      await transactions.runRecorded(() => act(() => effects.push('effect')), record);
      expect(effects).toEqual(['recorded', 'effect']);
      const failing = transactions.runRecorded(
        () => act(() => effects.push('of a failure')),
        () => Promise.reject(new Error('no')),
      );
      await expect(failing).rejects.toThrow('no');
      expect(effects).toEqual(['recorded', 'effect']);
    });

    it('does not hold what a request leaves running after its end', async () => {
      let later: Promise<string> | undefined;
      let isOver: () => void = () => undefined;
      const over = new Promise<void>((resolve) => (isOver = resolve));
      await perform(await claimed(), async () => {
        later = over.then(() => act());
        return act();
      });
      isOver();
      expect(await later).toBe('done');
      expect(await acts()).toBe(2);
    });

    it('keeps simultaneous requests apart', async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, (_, n) =>
          transactions.runRecorded(act, () => (n % 2 === 0 ? Promise.resolve() : Promise.reject(new Error('no')))),
        ),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
      expect(await acts()).toBe(4);
    });
  });
}
