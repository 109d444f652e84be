/**
 * The floor of any proxy on this platform: `node:http` on both sides, over connections that are kept, and bytes piped from
 * one to the other. It compares nothing and survives nothing. Its arguments are the service's URL, and that of another
 * service where each request is copied to that, whose answers it drops.
 */
import { Agent, type ClientRequest, createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

const [primary, candidate] = process.argv.slice(2).map((url) => new URL(url));
/** Once it listens: what it takes to start is no request's. */
let started: NodeJS.CpuUsage | undefined;
const agent = new Agent({ keepAlive: true });

const server = createServer((request, response) => {
  const upstream = pass(primary, request, (answer) => {
    response.sendDate = false;
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    answer.pipe(response);
  });
  upstream.on('error', () => response.destroy());
  upstream.end();
  if (candidate === undefined) return;
  const copy = pass(candidate, request, (answer) => answer.resume());
  copy.on('error', () => undefined);
  copy.end();
});
server.listen(0, '127.0.0.1', () => {
  // A server that listens on TCP has an address.
  const { port } = server.address() as AddressInfo;
  started = process.cpuUsage();
  process.send?.({ url: `http://127.0.0.1:${port}` });
});
process.on('message', () => process.send?.({ verdicts: {}, cpu: process.cpuUsage(started) }));
process.on('disconnect', () => process.exit());

function pass(to: URL | undefined, request: IncomingMessage, take: (answer: IncomingMessage) => void): ClientRequest {
  const { method, url: path, rawHeaders: headers } = request;
  return send({ hostname: to?.hostname, port: to?.port, agent, method, path, headers, setHost: false }, take);
}
