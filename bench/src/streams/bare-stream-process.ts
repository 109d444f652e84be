/**
 * The floor of a stream: a bare Node server that writes so many bytes, its argument, to every open connection whenever it
 * is asked to by a POST. Answers its parent like server-process.ts.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerCosts } from '../answer-costs.js';

const open = new Set<ServerResponse>();
const [head, tail] = ['event: patch\nid: 1\ndata: ', '\n\n'];
const frame = Buffer.from(head + 'x'.repeat(Math.max(0, Number(process.argv[2]) - head.length - tail.length)) + tail);

const server = createServer((request, response) => {
  if (request.method === 'POST') {
    for (const stream of open) stream.write(frame);
    response.end();
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(': open\n\n');
  open.add(response);
  response.once('close', () => open.delete(response));
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo; // a server that listens on TCP has one
  answerCosts();
  process.send?.({ url: `http://127.0.0.1:${port}` });
});
