/** The floor of HTTP: a bare Node server that greets. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerCosts } from '../answer-costs.js';

const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 17 });
  response.end('{"hello":"world"}');
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo; // a server that listens on TCP has one
  answerCosts();
  process.send?.({ url: `http://127.0.0.1:${port}` });
});
