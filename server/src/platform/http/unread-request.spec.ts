import { expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { refuseUnread } from './unread-request.js';

/** What a server answers bytes with. */
async function answerTo(
  bytes: string,
): Promise<{ readonly status: number; readonly type: string; readonly body: object }> {
  const server = createServer().on('clientError', refuseUnread).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(bytes);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  await once(server.close(), 'close');
  const type = /^content-type: (.*)$/mu.exec(head)?.[1] ?? '';
  // What is answered is a problem.
  return { status: Number(head.split(' ')[1]), type, body: JSON.parse(body) as object };
}

it.each([
  ['a URL that is too long', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ['headers that are too large', `GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ['what is not HTTP', 'hello\r\n\r\n', 400, 'REQUEST_MALFORMED'],
])('answers %s with a problem', async (_name, bytes, status, code) => {
  const answer = await answerTo(bytes);
  expect(answer).toMatchObject({ status, type: 'application/problem+json; charset=utf-8', body: { status, code } });
  expect(answer.body).toHaveProperty('detail', expect.stringMatching(/^[A-Z].*\.$/u));
  expect(answer.body).toHaveProperty('requestId', expect.stringMatching(/^[\w-]{36}$/u));
});
