/** A service as the proxy's bench has it: answers with an order of about one kilobyte of JSON. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const items = Array.from({ length: 12 }, (_, i) => ({ sku: `item-${i}`, name: `Thing number ${i}`, price: i * 3.5 }));

const server = createServer((request, response) => {
  const body = JSON.stringify({ id: request.url, currency: 'EUR', customer: { plan: 'free', country: 'AT' }, items });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), etag: '"17"' };
  response.writeHead(200, headers).end(body);
});
server.listen(0, '127.0.0.1', () => {
  // A server that listens on TCP has an address.
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${port}` });
});
// Nothing is left behind when the bench is interrupted.
process.on('disconnect', () => process.exit());
