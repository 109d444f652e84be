import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectUnread, type UnreadClient } from '../../test/clients/unread-client.js';
import type { CloudEvent } from './cloud-event.js';
import { FollowingStream } from './following-stream.adapter.js';

const COUNT = 1_000;
/** A batch of these is more than kernel buffers on both sides take of one that is not read. */
const LARGE = 'x'.repeat(256 * 1024);

const anEvent = (sequence: number): CloudEvent => ({
  specversion: '1.0',
  id: `event-${sequence}`,
  source: '/projects/shop',
  type: 'dev.sluice.release.started',
  subject: 'release/1',
  time: '2026-01-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  data: LARGE,
  sluiceproject: 'shop',
  sluicesequence: String(sequence),
});

describe('a stream of events whose client does not read', () => {
  let unread: UnreadClient;
  let client: UnreadClient['client'];
  let response: UnreadClient['response'];
  let stream: FollowingStream;
  let asked: number[];

  beforeEach(async () => {
    unread = await connectUnread();
    ({ client, response } = unread);
    asked = [];
    const readAfter = (sequence: number, limit: number): Promise<readonly CloudEvent[]> => {
      asked.push(sequence);
      const length = Math.min(limit, COUNT - sequence);
      return Promise.resolve(Array.from({ length }, (_, n) => anEvent(sequence + n + 1)));
    };
    stream = new FollowingStream(response, readAfter, 0);
    response.on('drain', () => void stream.bringUpToDate());
  });
  afterEach(() => unread.close());

  it('is read one batch for, and the next when it has taken that', async () => {
    for (let n = 0; n < 5; n++) await stream.bringUpToDate();
    expect(asked).toEqual([0]);

    let tail = '';
    for await (const chunk of client) {
      tail = (tail + String(chunk)).slice(-LARGE.length - 500);
      if (tail.includes(`id: ${COUNT}\n`)) break;
    }
    expect(asked.slice(0, 10)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
  });

  it('is not read for once it has ended', async () => {
    stream.end();
    await stream.bringUpToDate();
    expect(asked).toEqual([]);
  });
});
