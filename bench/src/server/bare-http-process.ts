/** The floor of HTTP: a bare Node server that greets, or under `/<n>` sends n bytes. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerCosts } from '../answer-costs.js';

const bodies = new Map<string, Buffer>();
const server = createServer(({ url = '/' }, response) => {
  if (url !== '/') {
    const body = bodies.get(url) ?? Buffer.alloc(Number(url.slice(1)), 'x');
    bodies.set(url, body);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 17 });
  response.end('{"hello":"world"}');
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo; // a server that listens on TCP has one
  answerCosts();
  process.send?.({ url: `http://127.0.0.1:${port}` });
});
