import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Asked, startStubServer, type StubServer } from '../test/stub-server.js';
import { followEvents } from './event-stream.js';

let server: StubServer;
let stop: AbortController;
afterEach(async () => {
  stop.abort();
  await server.close();
});

/** Follows a server until it has told of so many events, or the following ends by itself. */
async function follow(
  events: number,
  answer: (request: Asked, response: ServerResponse, count: number) => void,
): Promise<number> {
  server = await startStubServer(answer);
  stop = new AbortController();
  let seen = 0;
  const settings = { url: server.url, token: 'slu_ci_x', project: 'a b', subject: 'release/1' };
  await followEvents(settings, () => ((seen += 1) === events ? stop.abort() : undefined), stop.signal);
  return seen;
}

const begin = (response: ServerResponse, text: string): unknown =>
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(text);

describe('following events', () => {
  it('goes on behind the last one when the connection breaks, the server restarts or is full', async () => {
    const seen = await follow(3, (_asked, response, count) => {
      if (count === 1) {
        begin(response, ': sluice\nretry: 2000\n\nid: 4\n\nid: 5\ndata: {}\n\nid: 6\ndata: {');
        setImmediate(() => response.destroy());
      } else if (count === 2) response.writeHead(503).end();
      else begin(response, 'id: 6\ndata: {}\n\nid: 7\ndata: {}\n\n');
    });
    expect(seen).toBe(3);
    expect(server.asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '5', '5']);
    expect(server.asked[0]).toMatchObject({
      url: '/api/v1/projects/a%20b/events?subject=release%2F1',
      headers: { accept: 'text/event-stream', authorization: 'Bearer slu_ci_x' },
    });
  });

  it('goes on where the stream began when it broke before the first event', async () => {
    await follow(1, (_asked, response, count) => {
      begin(response, count === 1 ? ': sluice\nretry: 2000\n\nid: 4\n\n' : 'id: 5\ndata: {}\n\n');
      if (count === 1) setImmediate(() => response.destroy());
    });
    expect(server.asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '4']);
  });

  it.each([401, 403, 404])('ends for good when it is answered %i', async (status) => {
    expect(await follow(1, (_asked, response) => response.writeHead(status).end())).toBe(0);
    expect(server.asked).toHaveLength(1);
  });
});
