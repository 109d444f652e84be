import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ControlPlane } from '../clients/control-plane.js';
import { freePort } from '../clients/free-port.js';
import { happen } from '../clients/happenings.js';
import { answer, type Received, verify, WebhookReceiver } from '../clients/webhook-receiver.js';
import { makeDataDir } from '../contracts/in-folder.js';

const START_TIMEOUT_MS = 60_000;
const ADMIN = `slu_admin_${'a'.repeat(40)}`;

interface Webhook {
  readonly id: string;
  readonly secret: string;
  readonly version: number;
  readonly enabled: boolean;
  readonly disabledReason: string | null;
}

interface Delivery {
  readonly sequence: number;
  readonly event: { readonly id: string; readonly type: string } | null;
  readonly status: string;
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
}

/** Waits until something is so, for half a minute at most. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 30_000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`It did not come true: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('webhooks', () => {
  let plane: ControlPlane;
  let receiver: WebhookReceiver;
  let project: { key: string; projectId: string; environmentId: string };
  let path: string;
  let projects = 0;
  beforeAll(async () => {
    plane = await ControlPlane.start({ SLUICE_WEBHOOK_TIMEOUT_MS: '500' });
    receiver = await WebhookReceiver.listen();
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await plane.close();
    await receiver.close();
  }, START_TIMEOUT_MS);
  beforeEach(async () => {
    const key = `hooks-${(projects += 1)}`;
    const made = await plane.manage<{ id: string; environments: [{ id: string }] }>('POST', '/projects', {
      key,
      environments: [{ key: 'live' }],
    });
    project = { key, projectId: made.id, environmentId: made.environments[0].id };
    path = `/projects/${key}/webhooks`;
  });

  const happens = (more: object = {}) => {
    const { projectId, environmentId } = project;
    return happen(plane.server, { projectId, environmentId, ...more });
  };
  const create = (at: string, more: object = {}) =>
    plane.manage<Webhook>('POST', path, { url: receiver.url(at), ...more });
  const show = ({ id }: Webhook) => plane.manage<Webhook>('GET', `${path}/${id}`);
  const deliveriesOf = async ({ id }: Webhook) =>
    (await plane.manage<{ items: Delivery[] }>('GET', `${path}/${id}/deliveries`)).items;
  const isDelivered = async (webhook: Webhook) =>
    (await deliveriesOf(webhook)).some(({ status }) => status === 'delivered');
  const call = (method: string, at: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(`${plane.url}/api/v1${path}${at}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  it('are sent what they want as signed CloudEvents', async () => {
    const webhook = await create('/wanted', { types: ['dev.sluice.release.*'] });
    const event = await happens({ subject: 'release/7', data: { text: 'naïve 🛒' } });
    await happens({ type: 'dev.sluice.flag.killed' });
    await until(() => isDelivered(webhook));
    const [request] = receiver.at('/wanted') as [Received];
    expect(request.headers).toMatchObject({
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': event.id,
    });
    const { items } = await plane.manage<{ items: [object] }>('GET', `/projects/${project.key}/events?limit=1`);
    expect(verify(request, webhook.secret)).toEqual(items[0]);
    expect(() => verify({ ...request, body: `${request.body} ` }, webhook.secret)).toThrow();
    expect(await deliveriesOf(webhook)).toEqual([
      {
        sequence: event.sequence,
        event: { id: event.id, type: 'dev.sluice.release.started', subject: 'release/7' },
        status: 'delivered',
        attempts: 1,
        nextAttemptAt: null,
        lastStatus: 204,
        lastError: null,
        deliveredAt: expect.any(String),
      },
    ]);
    expect(receiver.at('/wanted')).toHaveLength(1);
  });

  it('are tried again with the same id after an error, a time-out or a redirect', async () => {
    const scripts = {
      '/error': answer(500),
      '/silent': () => undefined,
      '/moved': answer(307, { location: '/other' }),
    };
    for (const [at, script] of Object.entries(scripts)) {
      receiver.play(at, (response, n) => (n === 0 ? script(response, n) : answer(200)(response, n)));
    }
    const [error, silent, moved] = await Promise.all([create('/error'), create('/silent'), create('/moved')]);
    await happens();
    await until(async () => {
      const rows = (await Promise.all([error, silent, moved].map(deliveriesOf))).flat();
      return rows.length === 3 && rows.every(({ attempts }) => attempts === 1);
    });
    expect(await deliveriesOf(error)).toMatchObject([{ status: 'waiting', lastStatus: 500 }]);
    expect(await deliveriesOf(silent)).toMatchObject([
      { status: 'waiting', lastStatus: null, lastError: 'The receiver did not answer within 500 ms.' },
    ]);
    expect(await deliveriesOf(moved)).toMatchObject([{ status: 'waiting', lastStatus: 307 }]);
    for (const [at, webhook] of [
      ['/error', error],
      ['/silent', silent],
      ['/moved', moved],
    ] as const) {
      await until(() => isDelivered(webhook));
      const requests = receiver.at(at);
      expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
      expect(requests).toHaveLength(2);
      for (const request of requests) verify(request, webhook.secret);
    }
    expect(receiver.at('/other')).toEqual([]);
  });

  it('are switched off by 410, and go on where they were when switched on', async () => {
    receiver.play('/gone', (response, n) => answer(n === 0 ? 410 : 200)(response, n));
    const webhook = await create('/gone');
    await happens();
    await until(async () => !(await show(webhook)).enabled);
    expect(await show(webhook)).toMatchObject({ disabledReason: 'The receiver answered 410 Gone.', version: 2 });
    const missed = await happens();
    await plane.manage('PATCH', `${path}/${webhook.id}`, { enabled: true });
    await until(() => isDelivered(webhook));
    expect((await deliveriesOf(webhook)).map(({ sequence, status }) => [sequence, status])).toEqual([
      [missed.sequence, 'delivered'],
      [expect.any(Number), 'failed'],
    ]);
    expect((await show(webhook)).disabledReason).toBeNull();
  });

  it('are sent an event once more when somebody asks, whatever came of it', async () => {
    const webhook = await create('/again');
    const { sequence, id } = await happens();
    await until(() => isDelivered(webhook));
    const retried = await plane.manage<Delivery>('POST', `${path}/${webhook.id}/deliveries/${sequence}/retry`);
    expect(retried).toMatchObject({ sequence, status: 'waiting' });
    await until(() => receiver.at('/again').length === 2);
    expect(receiver.at('/again').map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
    expect((await call('POST', `/${webhook.id}/deliveries/1999999999/retry`)).status).toBe(404);
  });

  it('are signed with both secrets after a rotation', async () => {
    const webhook = await create('/rotated');
    const rotated = await plane.manage<Webhook>('POST', `${path}/${webhook.id}/rotate`);
    expect(rotated.secret).toMatch(/^whsec_/u);
    expect(rotated.secret).not.toBe(webhook.secret);
    await happens();
    await until(() => receiver.at('/rotated').length === 1);
    const [request] = receiver.at('/rotated') as [Received];
    expect(verify(request, rotated.secret)).toEqual(verify(request, webhook.secret));
  });

  it('are tested at once, and the test is in no list', async () => {
    const webhook = await create('/test', { enabled: false });
    const test = () => plane.manage('POST', `${path}/${webhook.id}/test`);
    expect(await test()).toEqual({ delivered: true, status: 204, error: null });
    const [request] = receiver.at('/test') as [Received];
    expect(verify(request, webhook.secret)).toMatchObject({
      type: 'dev.sluice.webhook.tested',
      sluiceproject: project.key,
    });
    receiver.play('/test', answer(503));
    expect(await test()).toEqual({ delivered: false, status: 503, error: null });
    receiver.play('/test', () => undefined);
    expect(await test()).toMatchObject({ delivered: false, status: null, error: expect.stringContaining('500 ms') });
    expect(await deliveriesOf(webhook)).toEqual([]);
  });

  it('show their secret once', async () => {
    const body = { url: receiver.url('/secret') };
    const key = { 'idempotency-key': `"${project.key}"` };
    const first = (await (await call('POST', '', body, key)).json()) as Webhook;
    expect(first.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/u);
    expect(await (await call('POST', '', body, key)).json()).toEqual({ ...first, secret: null });
    const { items } = await plane.manage<{ items: object[] }>('GET', path);
    expect(items).toEqual([await show(first)]);
    const audit = await plane.manage('GET', '/audit');
    for (const shown of [items, audit]) expect(JSON.stringify(shown)).not.toContain(first.secret);
    expect(JSON.stringify(audit)).toContain('webhook.created');
  });

  it('are edited and deleted by who has seen them as they are', async () => {
    const webhook = await create('/edited');
    const edit = (headers: Record<string, string>) => call('PATCH', `/${webhook.id}`, { description: 'chat' }, headers);
    expect((await edit({})).status).toBe(428);
    const edited = await edit({ 'if-match': '"1"' });
    expect([edited.status, edited.headers.get('etag')]).toEqual([200, '"2"']);
    expect((await edit({ 'if-match': '"1"' })).status).toBe(412);
    expect((await call('DELETE', `/${webhook.id}`, undefined, { 'if-match': '"1"' })).status).toBe(412);
    const remove = { method: 'DELETE', headers: { authorization: `Bearer ${ADMIN}`, 'if-match': '"2"' } };
    expect((await fetch(`${plane.url}/api/v1${path}/${webhook.id}`, remove)).status).toBe(204);
    expect((await call('GET', `/${webhook.id}`)).status).toBe(404);
  });

  it.each([
    [{ url: 'ftp://example.com' }, 'VALIDATION_FAILED'],
    [{ url: 'https://user:secret@example.com' }, 'VALIDATION_FAILED'],
    [{ url: 'http://169.254.169.254/latest/meta-data' }, 'WEBHOOK_HOST_REFUSED'],
    [{ url: 'http://0xA9FEA9FE/' }, 'WEBHOOK_HOST_REFUSED'],
    [{ url: 'http://[fe80::1]/' }, 'WEBHOOK_HOST_REFUSED'],
    [{ url: 'https://example.com', types: ['dev.sluice.nothing'] }, 'VALIDATION_FAILED'],
    [{ url: 'https://example.com', secret: 'mine' }, 'VALIDATION_FAILED'],
  ])('are not made of %j', async (body, code) => {
    const response = await call('POST', '', body);
    expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ code })]);
  });

  it('are the business of admins, of the project they belong to', async () => {
    const webhook = await create('/mine');
    const draft = { kind: 'ci', name: 'ci', project: project.key };
    const { secret } = await plane.manage<Webhook>('POST', '/tokens', draft);
    expect((await call('GET', '', undefined, { authorization: `Bearer ${secret}` })).status).toBe(403);
    const other = await plane.manage<{ id: string }>('POST', '/projects', { key: `${project.key}-other` });
    expect(other.id).not.toBe(project.projectId);
    const elsewhere = await fetch(`${plane.url}/api/v1/projects/${project.key}-other/webhooks/${webhook.id}`, {
      headers: { authorization: `Bearer ${ADMIN}` },
    });
    expect(elsewhere.status).toBe(404);
  });

  it('are fifty at most', async () => {
    for (let n = 0; n < 50; n++) await create('/many');
    const response = await call('POST', '', { url: receiver.url('/many') });
    expect([response.status, await response.json()]).toEqual([
      409,
      expect.objectContaining({ code: 'TOO_MANY_WEBHOOKS' }),
    ]);
  });
});

describe('a webhook whose receiver and server were down', () => {
  it(
    'is delivered when both are back, with the same id',
    async () => {
      const dataDir = await makeDataDir();
      const port = await freePort();
      const url = `http://127.0.0.1:${port}/hooks`;
      let plane = await ControlPlane.start({ SLUICE_DATA_DIR: dataDir });
      const { id: projectId } = await plane.manage<{ id: string }>('POST', '/projects', { key: 'shop' });
      const webhook = await plane.manage<Webhook>('POST', '/projects/shop/webhooks', { url });
      const attempts = async () => {
        const at = `/projects/shop/webhooks/${webhook.id}/deliveries`;
        return (await plane.manage<{ items: Delivery[] }>('GET', at)).items.map((each) => each.attempts);
      };
      const event = await happen(plane.server, { projectId, environmentId: undefined });
      await until(async () => (await attempts())[0] === 1);
      await plane.close();

      const receiver = await WebhookReceiver.listen(port);
      plane = await ControlPlane.start({ SLUICE_DATA_DIR: dataDir });
      await until(() => receiver.received.length === 1);
      const [request] = receiver.received as [Received];
      expect(verify(request, webhook.secret).id).toBe(event.id);
      await until(async () => (await attempts())[0] === 2);
      await plane.close();
      await receiver.close();
      await rm(dataDir, { recursive: true, force: true });
    },
    START_TIMEOUT_MS,
  );
});
