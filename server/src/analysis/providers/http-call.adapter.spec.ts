import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { hang, type MetricHost, replyText, startMetricHost } from '../../../test/fakes/metric-host.js';
import { callHttp, type HttpReply, type Resolve } from './http-call.adapter.js';

let host: MetricHost;
beforeEach(async () => {
  host = await startMetricHost(replyText('0123456789', 200, { 'x-a': 'b' }));
});
afterEach(() => host.close());

const resolveTo =
  (...addresses: readonly string[]): Resolve =>
  (_name, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

const call = (
  change: { readonly name?: string; readonly beyond?: 'fail' | 'cut'; readonly maxBytes?: number } = {},
  resolve?: Resolve,
): Promise<HttpReply> => {
  const url = new URL(host.url);
  if (change.name !== undefined) url.hostname = change.name;
  const { beyond = 'fail', maxBytes = 100 } = change;
  return callHttp({ url, method: 'GET', headers: {}, beyond, maxBytes }, new AbortController().signal, resolve);
};

it('brings status, headers and body, undecoded', async () => {
  const reply = await call();
  expect([reply.status, reply.headers['x-a'], reply.body.toString()]).toEqual([200, 'b', '0123456789']);
  expect(host.heard[0]?.headers).toMatchObject({ 'accept-encoding': 'identity', connection: 'close' });
});

it('takes a body that just fits, refuses or cuts a longer one', async () => {
  expect((await call({ maxBytes: 10 })).body).toHaveLength(10);
  expect((await call({ maxBytes: 4, beyond: 'cut' })).body.toString()).toBe('0123');
  await expect(call({ maxBytes: 9 })).rejects.toMatchObject({ code: 'ANSWER_TOO_LARGE', effect: 'final' });
});

it('connects to what a name resolves to', async () => {
  expect((await call({ name: 'metrics.example' }, resolveTo('127.0.0.1'))).status).toBe(200);
});

it.each([
  ['169.254.169.254'],
  ['::ffff:169.254.169.254'],
  ['fe80::1%eth0'],
  ['fd00:ec2::254'],
  ['100.100.100.200'],
  ['2002:a9fe:a9fe::1'],
  ['127.0.0.1', '169.254.169.254'],
])('does not connect to a name that resolves to %s', async (...addresses) => {
  const refused = { code: 'PROVIDER_HOST_FORBIDDEN', effect: 'final' };
  await expect(call({ name: 'metrics.example' }, resolveTo(...addresses))).rejects.toMatchObject(refused);
  expect(host.heard).toEqual([]);
});

it('says that a name is not known', async () => {
  const unknown: Resolve = (_name, _options, callback) =>
    callback(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }), undefined as never); // as Node does
  const failure = { code: 'PROVIDER_UNREACHABLE', message: 'It cannot be reached: ENOTFOUND.', effect: 'outage' };
  await expect(call({ name: 'metrics.example' }, unknown)).rejects.toMatchObject(failure);
  await expect(call({ name: 'metrics.example' }, resolveTo())).rejects.toMatchObject({ code: 'PROVIDER_UNREACHABLE' });
});

it('lets go of the connection when it is called off', async () => {
  const closed = new Promise<void>((resolve) => {
    host.reply = (request, response) => {
      response.on('close', resolve);
      hang(request, response);
      caller.abort();
    };
  });
  const caller = new AbortController();
  const ask = { url: new URL(host.url), method: 'GET', headers: {}, maxBytes: 9, beyond: 'fail' as const };
  await expect(callHttp(ask, caller.signal)).rejects.toMatchObject({ name: 'AbortError' });
  await closed;
});
