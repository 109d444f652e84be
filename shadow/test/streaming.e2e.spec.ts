import { EventEmitter, once } from 'node:events';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { open } from './raw-http.js';
import { type ProxyOptions, startProxy, type TestProxy } from './start-proxy.js';
import { type Answer, nobodysUrl, type Service, startRawService, startService } from './start-service.js';

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of closing.splice(0).reverse()) await each.close();
});

async function aService(answer: Answer): Promise<Service> {
  const service = await startService(answer);
  closing.push(service);
  return service;
}

async function aProxy(primary: URL, options: Partial<ProxyOptions> = {}): Promise<TestProxy> {
  const proxy = await startProxy({ candidate: await nobodysUrl(), ...options, primary });
  closing.push(proxy);
  return proxy;
}

/** All that a connection says, from now on until it has said something. */
function listener(socket: Socket): (text: string) => Promise<void> {
  let heard = '';
  socket.setEncoding('latin1');
  return async (text) => {
    while (!heard.includes(text)) heard += String(await once(socket, 'data'));
  };
}

it('passes each part of an answer on as it comes, the head first', async () => {
  const turns: (() => void)[] = [];
  const service = await aService((_request, response) => {
    response.writeHead(200, { 'x-early': '1' }).flushHeaders();
    turns.push(
      () => void response.write('one;'),
      () => void response.end('two;'),
    );
  });
  const proxy = await aProxy(service.url);
  const caller = open(proxy.url);
  const until = listener(caller);
  caller.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await until('x-early: 1');
  turns[0]?.();
  await until('one;');
  turns[1]?.();
  await until('two;');
  caller.destroy();
});

it('passes each part of a request on as it comes, also where it may be copied', async () => {
  const parts = ['one;', 'two;'];
  const proxy = await aProxy(
    (
      await aRaw((socket, heard) => {
        for (const part of parts) if (heard.includes(part)) socket.write(`HTTP/1.1 100 Continue\r\nX: ${part}\r\n\r\n`);
        if (heard.includes('two;')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      })
    ).url,
    { methods: new Set(['POST']) },
  );
  const caller = open(proxy.url);
  const until = listener(caller);
  caller.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\none;');
  // The service says that it has heard the first part before there is a second.
  await until('100 Continue');
  caller.write('two;');
  await until('200 OK');
  caller.destroy();
});

async function aRaw(speak: (socket: Socket, heard: string) => void): Promise<Pick<Service, 'url' | 'close'>> {
  const service = await startRawService(speak);
  closing.push(service);
  return service;
}

it('asks the primary whether to continue, and tells the caller what it says', async () => {
  const service = await aRaw((socket, heard) => {
    if (heard.includes('Expect')) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    if (heard.includes('body')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  });
  const proxy = await aProxy(service.url);
  const caller = open(proxy.url);
  const until = listener(caller);
  caller.write('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n');
  await until('HTTP/1.1 100 Continue');
  caller.write('body');
  await until('\r\n\r\nok');
  caller.destroy();
});

it('a body that the primary declines is not asked for', async () => {
  const service = await aRaw((socket) => void socket.write('HTTP/1.1 413 Too Much\r\nContent-Length: 0\r\n\r\n'));
  const proxy = await aProxy(service.url);
  const caller = open(proxy.url);
  let heard = '';
  caller.on('data', (chunk) => (heard += chunk.toString('latin1')));
  caller.write('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n');
  while (!heard.includes('\r\n\r\n')) await once(caller, 'data');
  expect(heard).toMatch(/^HTTP\/1\.1 413 Too Much\r\n/);
  caller.destroy();
});

it('passes hints on that come before the answer', async () => {
  const service = await aRaw(
    (socket) =>
      void socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
  );
  const proxy = await aProxy(service.url);
  const asked = request(proxy.url);
  const [hints, answered] = [once(asked, 'information'), once(asked, 'response')];
  asked.end();
  expect(await hints).toMatchObject([{ statusCode: 103, headers: { link: '</a>' } }]);
  const [answer] = (await answered) as [NodeJS.ReadableStream]; // as http has it
  answer.resume();
});

it('a caller who does not read stops the primary, and nobody keeps the rest', async () => {
  const chunk = Buffer.alloc(1_048_576);
  const [total, stallMs] = [200, 500];
  let written = 0;
  const over = new EventEmitter();
  const service = await aService((_request, response) => {
    const flood = (): void => {
      while (written < total) {
        written += 1;
        if (response.write(chunk)) continue;
        // Whoever takes none of it for so long has stopped.
        const stalled = setTimeout(() => over.emit('stalled'), stallMs);
        response.once('drain', () => {
          clearTimeout(stalled);
          flood();
        });
        return;
      }
      over.emit('stalled');
    };
    flood();
  });
  const proxy = await aProxy(service.url, { candidate: service.url, settings: { share: 0 } });
  const stalled = once(over, 'stalled');
  const caller = open(proxy.url);
  caller.pause();
  caller.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await stalled;
  expect(written).toBeLessThan(total / 2);
  caller.destroy();
});
