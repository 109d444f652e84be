import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import fastify from 'fastify';
import type { SluiceClient } from '../src/sluice-client.js';
import { sluiceUnits as expressUnits } from '../src/express/index.js';
import { sluiceUnits as fastifyUnits } from '../src/fastify/index.js';
import type { RequestHeaders } from '../src/middleware/request-unit.js';
import { aFlag, aSnapshot } from './builders.js';
import { Clients } from './clients.js';
import { FakeControlPlane } from './fake-control-plane.js';
import { FakeRuntime, until } from './fake-runtime.js';
import { measured, ROLLOUT } from './measured.js';

/** What both frameworks are asked to serve; `hang` never answers. */
interface Served {
  readonly url: string;
  close(): Promise<void>;
  /** As a service ends: it answers what it was asked, then closes its client. */
  shutDown(): Promise<void>;
}
interface Options {
  readonly trustRouting?: boolean;
  readonly services?: readonly string[];
}

const contextOf = ({ headers }: { headers: RequestHeaders }) => {
  const user = headers['user'];
  if (user === 'unreadable') throw new Error('no such user');
  return typeof user === 'string' ? { targetingKey: user } : {};
};

let plane: FakeControlPlane;
let clients: Clients;
let sluice: SluiceClient;
let served: Served;
/** Requests that are waiting for an answer they will not get. */
let hanging: number;
/** Lets the requests to `/slow` be answered. */
let answerSlow: () => void;
let slow: Promise<void>;

async function serveFastify(options: Options): Promise<Served> {
  const app = fastify();
  fastifyUnits(app, sluice, { context: contextOf, ...options });
  app.post('/cart', (request) => {
    const body = request.body as { item: string };
    return { isNew: sluice.boolean('new-cart', contextOf(request), false), item: body.item };
  });
  app.get('/throw', () => Promise.reject(new Error('no stock')));
  app.get('/refuse', (_request, reply) => reply.code(503).send('later'));
  app.get('/missing', (_request, reply) => reply.code(404).send());
  app.get('/hang', () => {
    hanging += 1;
    return new Promise(() => undefined);
  });
  app.get('/slow', async () => {
    hanging += 1;
    await slow;
    return 'at last';
  });
  app.addHook('onClose', () => sluice.close());
  app.get('/routing', (request) => ({ header: request.headers['sluice-version'] ?? null }));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const close = async () => {
    app.server.closeAllConnections();
    await app.close();
  };
  return { url, close, shutDown: () => app.close() };
}

async function serveExpress(options: Options): Promise<Served> {
  const app = express();
  // Express prints what handlers throw unless it is told that this is a test.
  app.set('env', 'test');
  app.use(express.json());
  app.use(expressUnits(sluice, { context: contextOf, ...options }));
  app.post('/cart', async (request, response) => {
    await new Promise((resolve) => setImmediate(resolve));
    const body = request.body as { item: string };
    response.json({ isNew: sluice.boolean('new-cart', contextOf(request), false), item: body.item });
  });
  app.get('/throw', () => {
    throw new Error('no stock');
  });
  app.get('/refuse', (_request, response) => void response.status(503).send('later'));
  app.get('/missing', (_request, response) => void response.sendStatus(404));
  app.get('/hang', () => void (hanging += 1));
  app.get('/slow', async (_request, response) => {
    hanging += 1;
    await slow;
    response.send('at last');
  });
  app.get('/routing', (request, response) => void response.json({ header: request.headers['sluice-version'] ?? null }));
  const server: Server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // It listens, so it has an address with a port.
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const shutDown = async () => {
    await new Promise((resolve) => server.close(resolve));
    await sluice.close();
  };
  return { url: `http://127.0.0.1:${port}`, close, shutDown };
}

beforeEach(async () => {
  hanging = 0;
  slow = new Promise((resolve) => (answerSlow = resolve));
  const halves = { split: { shares: ['off', 'on'].map((variation) => ({ variation, share: 50_000 })) } };
  plane = await new FakeControlPlane(
    aSnapshot({
      flags: [aFlag({ key: 'new-cart', defaultServe: halves })],
      services: [{ key: 'checkout', stable: 'v1', candidate: { version: 'v2', share: 0 } }],
      ramps: [
        { rollout: ROLLOUT, subject: 'flag/new-cart', stable: 'off', candidate: 'on', share: 50_000 },
        { rollout: ROLLOUT, subject: 'service/checkout', stable: 'v1', candidate: 'v2', share: 0 },
      ],
    }),
  ).start();
  clients = new Clients(plane.url, new FakeRuntime());
  sluice = await clients.open();
});

afterEach(async () => {
  await served.close();
  await clients.closeAll();
  await plane.stop();
});

/** What was told once this place has been measured so often; replies are over before their units are. */
async function toldOnce(place: string, expected: string): Promise<Record<string, string>> {
  let told: Record<string, string> = {};
  await sluice.flush();
  for (told = measured(plane); told[place] !== expected; told = measured(plane)) {
    await new Promise((resolve) => setImmediate(resolve));
    await sluice.flush();
  }
  return told;
}
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(served.url + path, { headers: { user: 'user-1', ...headers } });

describe.each([
  ['fastify', serveFastify],
  ['express', serveExpress],
])('the middleware for %s', (_name, serve) => {
  it('makes every request a unit, which sees what its handler does, and measures it', async () => {
    served = await serve({});
    const users = Array.from({ length: 20 }, (_, i) => `user-${i}`);
    const answers = await Promise.all(
      users.map(async (user) => {
        const headers = { user, 'content-type': 'application/json' };
        const body = JSON.stringify({ item: user });
        const response = await fetch(`${served.url}/cart`, { method: 'POST', headers, body });
        return (await response.json()) as { isNew: boolean; item: string };
      }),
    );
    expect(answers.map(({ item }) => item)).toEqual(users);
    const candidates = answers.filter(({ isNew }) => isNew).length;
    expect(candidates).toBeGreaterThan(2);
    expect(await toldOnce('ordinary all stable unit', '20/0')).toEqual({
      'ordinary all stable unit': '20/0',
      'ordinary all stable request': '20/0',
      'ramp flag/new-cart candidate unit': `${candidates}/0`,
      'ramp flag/new-cart candidate request': `${candidates}/0`,
      'ramp flag/new-cart stable unit': `${20 - candidates}/0`,
      'ramp flag/new-cart stable request': `${20 - candidates}/0`,
    });
    const durations = [...plane.batches.values()].flatMap(({ measurements = [] }) => measurements);
    for (const { rollout, sum, sketch } of durations.filter(({ metric }) => metric === 'request')) {
      expect(sum).toBeGreaterThan(0);
      if (rollout !== null) expect(sketch?.buckets.length).toBeGreaterThan(0);
    }
  });

  it.each<[string, number, string]>([
    ['/throw', 500, '1/1'],
    ['/refuse', 503, '1/1'],
    ['/missing', 404, '1/0'],
    ['/nowhere', 404, '1/0'],
  ])('takes %s, answered with %d, for %s', async (path, status, expected) => {
    served = await serve({});
    expect((await get(path)).status).toBe(status);
    const told = await toldOnce('ordinary all stable request', expected);
    expect(told['ordinary all stable unit']).toBe(expected);
  });

  it('ends the unit of a caller who goes away, not as failed', async () => {
    served = await serve({});
    const call = httpRequest(`${served.url}/hang`).on('error', () => undefined);
    call.end();
    await until(() => hanging === 1);
    call.destroy();
    expect(await toldOnce('ordinary all stable request', '1/0')).toMatchObject({ 'ordinary all stable unit': '1/0' });
  });

  it('lets a service that shuts down count its last request and say goodbye after it', async () => {
    served = await serve({});
    const asked = get('/slow', { connection: 'close' });
    await until(() => hanging === 1);
    const closed = served.shutDown();
    answerSlow();
    expect(await (await asked).text()).toBe('at last');
    await closed;
    expect(measured(plane)).toMatchObject({ 'ordinary all stable unit': '1/0' });
    expect(plane.received.map(({ instance }) => instance.leaving ?? false).slice(-2)).toEqual([false, true]);
  });

  it('serves those whose context cannot be made', async () => {
    served = await serve({});
    expect((await get('/missing', { user: 'unreadable' })).status).toBe(404);
    await toldOnce('ordinary all stable unit', '1/0');
  });

  it.each<[string, Options, string | undefined, string | null]>([
    ['hands the chain’s choice on', { services: ['checkout'] }, 'checkout=v2,other=v1', 'checkout=v2,other=v1'],
    ['chooses as the request arrives', { services: ['checkout'] }, undefined, 'checkout=v1'],
    ['chooses anew what is none', { services: ['checkout'] }, 'checkout=v9', 'checkout=v1'],
    ['chooses nothing by itself', {}, undefined, null],
    ['does not follow strangers', { trustRouting: false, services: ['checkout'] }, 'checkout=v2', 'checkout=v1'],
    ['does not hand on what strangers say', { trustRouting: false }, 'checkout=v2', null],
  ])('%s in the routing header', async (_case, options, header, expected) => {
    served = await serve(options);
    const response = await get('/routing', header === undefined ? {} : { 'sluice-version': header });
    expect(await response.json()).toEqual({ header: expected });
  });

  it('credits the arm that the chain chose', async () => {
    served = await serve({ services: ['checkout'] });
    await get('/missing', { 'sluice-version': 'checkout=v2' });
    await get('/missing');
    expect(await toldOnce('ordinary all stable unit', '2/0')).toMatchObject({
      'ramp service/checkout candidate unit': '1/0',
      'ramp service/checkout stable unit': '1/0',
    });
  });
});
