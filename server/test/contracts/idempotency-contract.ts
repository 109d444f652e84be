import { beforeEach, expect, it } from '@jest/globals';
import { IdempotencyRepository } from '../../src/platform/http/idempotency.repository.js';
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

  beforeEach(() => {
    records = new IdempotencyRepository(store.database.client, clock);
    actor = `actor-${(actors += 1)}`;
  });

  it('lets the first request claim a key and holds others off while it runs', async () => {
    expect(await claim()).toEqual({ kind: 'claimed' });
    expect(await claim()).toEqual({ kind: 'inFlight' });
  });

  it('lets one of many simultaneous requests claim a key', async () => {
    const claims = await Promise.all(Array.from({ length: 20 }, () => claim()));
    expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    expect(claims.filter(({ kind }) => kind === 'inFlight')).toHaveLength(19);
  });

  it('repeats the answer for the same payload', async () => {
    await claim();
    await records.keepAnswer(actor, 'key', 201, { id: '1', nested: { list: [null, 'ü'] } });
    expect(await claim()).toEqual({ kind: 'answered', status: 201, body: { id: '1', nested: { list: [null, 'ü'] } } });
  });

  it('tells another payload apart, during and after the first request', async () => {
    await claim();
    expect(await claim('key', 'other')).toEqual({ kind: 'otherPayload' });
    await records.keepAnswer(actor, 'key', 201, {});
    expect(await claim('key', 'other')).toEqual({ kind: 'otherPayload' });
  });

  it('keeps keys of different callers apart', async () => {
    await claim();
    expect(await records.claim(`${actor} the second`, 'key', 'payload')).toEqual({ kind: 'claimed' });
  });

  it('frees the key of a failed request', async () => {
    await claim();
    await records.release(actor, 'key');
    expect(await claim('key', 'mended')).toEqual({ kind: 'claimed' });
  });

  it('takes a request for crashed after a minute, not before', async () => {
    await claim();
    clock.advance(60 * SECOND_MS);
    expect(await claim()).toEqual({ kind: 'inFlight' });
    clock.advance(SECOND_MS);
    expect(await claim()).toEqual({ kind: 'claimed' });
  });

  it('keeps answers for a day, not longer', async () => {
    await claim();
    await records.keepAnswer(actor, 'key', 201, {});
    clock.advance(24 * HOUR_MS);
    expect(await claim()).toMatchObject({ kind: 'answered' });
    clock.advance(SECOND_MS);
    expect(await claim()).toEqual({ kind: 'claimed' });
  });
}
