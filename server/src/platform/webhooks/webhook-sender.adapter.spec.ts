import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebhookSender } from './webhook-sender.adapter.js';

const TIMEOUT_MS = 300;
const never = new AbortController().signal;

describe('WebhookSender', () => {
  let server: Server;
  let port: number;
  let handle: (request: IncomingMessage, response: ServerResponse) => void;
  let asked: string[];
  const sender = new WebhookSender({ allowPrivate: true, timeoutMs: TIMEOUT_MS });
  const send = (path = '/', by = sender, stop = never) =>
    by.send({ url: `http://localhost:${port}${path}`, headers: { 'webhook-id': '1' }, body: '{"n":"é"}' }, stop);

  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
      handle(request, response);
    }).listen(0, 'localhost');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  it('posts the body to the byte and tells the status', async () => {
    const received = new Promise((resolve) => {
      handle = (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          resolve([Buffer.concat(chunks).toString(), request.headers['webhook-id'], request.headers['content-length']]);
          response.writeHead(202).end();
        });
      };
    });
    expect(await send('/hooks?a=1')).toEqual({ kind: 'answered', status: 202 });
    expect(await received).toEqual(['{"n":"é"}', '1', '10']);
    expect(asked).toEqual(['POST /hooks?a=1']);
  });

  it('follows no redirect', async () => {
    handle = (_request, response) => response.writeHead(307, { location: '/elsewhere' }).end();
    expect(await send()).toEqual({ kind: 'answered', status: 307 });
    expect(asked).toEqual(['POST /']);
  });

  it('waits no longer than it may', async () => {
    handle = () => undefined;
    expect(await send()).toEqual({ kind: 'unanswered', error: 'The receiver did not answer within 300 ms.' });
  });

  it('hangs up on a receiver that goes on talking', async () => {
    const hungUp = new Promise((resolve) => {
      handle = (_request, response) => {
        response.writeHead(200);
        const talk = (): void => {
          while (response.write(Buffer.alloc(16 * 1024)));
          response.once('drain', talk);
        };
        response.once('close', resolve);
        response.on('error', () => undefined);
        talk();
      };
    });
    expect(await send()).toEqual({ kind: 'answered', status: 200 });
    await hungUp;
  });

  it('says in words that nobody listens', async () => {
    handle = () => undefined;
    const url = 'http://127.0.0.1:1/';
    const answer = await sender.send({ url, headers: {}, body: '{}' }, never);
    expect(answer).toEqual({ kind: 'unanswered', error: expect.stringContaining('ECONNREFUSED') });
  });

  it('goes to no private address where that is forbidden, by name or number, and asks nobody there', async () => {
    const strict = new WebhookSender({ allowPrivate: false, timeoutMs: TIMEOUT_MS });
    const byNumber = { url: `http://127.0.0.1:${port}/`, headers: {}, body: '{}' };
    for (const answer of [await send('/', strict), await strict.send(byNumber, never)]) {
      expect(answer).toEqual({ kind: 'unanswered', error: expect.stringContaining('SLUICE_WEBHOOK_PRIVATE') });
    }
    expect(asked).toEqual([]);
  });

  it('never goes to metadata services', async () => {
    const answer = await sender.send({ url: 'http://0xA9FEA9FE/latest', headers: {}, body: '{}' }, never);
    expect(answer).toEqual({ kind: 'unanswered', error: expect.stringContaining('link-local') });
  });

  it('breaks off when the server stops', async () => {
    const stop = new AbortController();
    handle = () => stop.abort();
    expect(await send('/', sender, stop.signal)).toMatchObject({ kind: 'unanswered' });
  });
});
