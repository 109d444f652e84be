import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
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
  let server: Server;
  let client: Socket;
  let response: ServerResponse;
  let stream: FollowingStream;
  let asked: number[];

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.pause();
    client.on('error', () => undefined);
    client.write('GET / HTTP/1.1\r\nHost: test\r\n\r\n');
    [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
    asked = [];
    const readAfter = (sequence: number, limit: number): Promise<readonly CloudEvent[]> => {
      asked.push(sequence);
      const length = Math.min(limit, COUNT - sequence);
      return Promise.resolve(Array.from({ length }, (_, n) => anEvent(sequence + n + 1)));
    };
    stream = new FollowingStream(response, readAfter, 0);
    response.on('drain', () => void stream.bringUpToDate());
  });
  afterEach(() => {
    client.destroy();
    server.close();
  });

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
