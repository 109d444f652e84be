import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectUnread, type UnreadClient } from '../../test/clients/unread-client.js';
import { EventStream } from './event-stream.adapter.js';
import { PreparedSnapshot } from './prepared-snapshot.provider.js';

/** More than kernel buffers on both sides take of one that is not read. */
const LARGE = 'x'.repeat(32 * 1024 * 1024);
const HEARTBEAT = Buffer.from(': heartbeat\n\n');
const aSnapshot = (revision: number, previous?: PreparedSnapshot): PreparedSnapshot =>
  new PreparedSnapshot(
    { schemaVersion: 1, project: revision < 3 ? LARGE : 'small', environment: 'e', revision, flags: [], segments: [] },
    new Date(0),
    previous,
  );

describe('a stream whose client does not read', () => {
  let unread: UnreadClient;
  let client: UnreadClient['client'];
  let response: UnreadClient['response'];
  let stream: EventStream;
  let fed: string[];

  beforeEach(async () => {
    unread = await connectUnread();
    ({ client, response } = unread);
    fed = [];
    stream = new EventStream(
      response,
      (snapshot, from) => {
        fed.push(`${from?.split('.')[0] ?? 'nothing'} to ${snapshot.revision}`);
        return snapshot.framesSince(from);
      },
      undefined,
    );
  });
  afterEach(() => unread.close());

  it('is sent one update, then nothing, then the way to the newest', async () => {
    const first = aSnapshot(1);
    const last = aSnapshot(4, first);
    stream.bringTo(first);
    stream.bringTo(aSnapshot(2, first));
    stream.bringTo(last);
    stream.beat(HEARTBEAT);
    expect([fed, response.writableNeedDrain]).toEqual([['nothing to 1'], true]);

    const received = (async () => {
      let tail = '';
      for await (const chunk of client) {
        tail = (tail + String(chunk)).slice(-500);
        if (tail.includes('id: 4.')) return tail;
      }
      return tail;
    })();
    await once(response, 'drain');
    stream.bringTo(last);
    expect(fed).toEqual(['nothing to 1', '1 to 4']);
    expect(await received).toContain('id: 4.');
  });

  it('is given up after a minute of heartbeats', () => {
    stream.bringTo(aSnapshot(1));
    for (let count = 0; count < 3; count++) stream.beat(HEARTBEAT);
    expect(response.destroyed).toBe(false);
    stream.beat(HEARTBEAT);
    expect(response.destroyed).toBe(true);
  });

  it('is cut off when it must end', () => {
    stream.bringTo(aSnapshot(1));
    stream.end();
    expect(response.destroyed).toBe(true);
  });
});
