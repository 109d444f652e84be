/** The floor of a stream: a bare Node server that writes the same bytes to every open connection when asked to. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const open = new Set<ServerResponse>();

const server = createServer((request, response) => {
  if (request.method === 'POST') {
    const frame = `data: {"at":"${'x'.repeat(300)}"}\n\n`;
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
  // A server that listens on TCP has an address.
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${port}` });
});
