import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startBalancer } from './balancer.ts';
import type { Replica } from './replica.ts';

const STREAMS = ['/sdk/v1/stream', '/ofrep/v1/sse?ticket=t', '/api/v1/projects/shop/events'];
/** More than there are replicas: by turns or by the fewest, one of them would come to the one that leaves. */
const CLIENTS = 6;

/** What a server is to nginx: opens streams or refuses them, and tells what came to it. */
async function startStandIn(isLeaving: boolean): Promise<Replica & { readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    if (url !== '/readyz') asked.push(`${method} ${url}`);
    if (isLeaving && url !== '/readyz') return void response.writeHead(503, { 'retry-after': '1' }).end();
    if (method === 'GET' && STREAMS.includes(url)) response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end('data: 1\n\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens by TCP
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { pid: 0, http: address, grpc: address, stop, asked };
}

function describeBalancer(program: string): void {
  let leaving: Awaited<ReturnType<typeof startStandIn>>;
  let staying: typeof leaving;

  beforeAll(async () => {
    [leaving, staying] = await Promise.all([startStandIn(true), startStandIn(false)]);
  });
  afterAll(() => Promise.all([leaving.stop(), staying.stop()]));

  /** What clients are answered one after another, by an nginx that does not know yet who refuses. */
  async function statusesOf(method: string, path: string): Promise<readonly number[]> {
    const balancer = await startBalancer(program, [leaving, staying]);
    try {
      const statuses: number[] = [];
      for (let client = 0; client < CLIENTS; client += 1) {
        const answer = await fetch(balancer.url + path, { method });
        await answer.text();
        statuses.push(answer.status);
      }
      return statuses;
    } finally {
      await balancer.stop();
    }
  }
  it.each(STREAMS)('asks another replica for the stream %s that one refuses', async (path) => {
    leaving.asked.length = 0;
    expect(await statusesOf('GET', path)).toEqual(Array.from({ length: CLIENTS }, () => 200));
    // So it is not by luck that nobody met it.
    expect(leaving.asked).toContain(`GET ${path}`);
  });

  it.each([
    ['GET', '/api/v1/projects/shop'],
    ['POST', '/sdk/v1/telemetry'],
    ['POST', '/flagd.evaluation.v1.Service/EventStream'],
  ])('hands on the refusal of what is no stream of its own: %s %s', async (method, path) => {
    staying.asked.length = 0;
    const statuses = await statusesOf(method, path);
    expect(statuses).toContain(503);
    expect(staying.asked).toHaveLength(statuses.filter((each) => each === 200).length);
  });
}

describe('nginx over a replica that shuts down and one that does not', () => {
  const program = process.env['TEST_NGINX'] ?? '';
  if (program !== '') describeBalancer(program);
  else it.skip('is skipped: TEST_NGINX is not set', () => undefined);
});
