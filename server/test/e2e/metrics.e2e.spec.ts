import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client as GrpcClient, credentials, status } from '@grpc/grpc-js';
import { createClient } from '@sluice/sdk';
import { ControlPlane, type LiveEnvironment, bearer } from '../clients/control-plane.js';
import { EventReader } from '../clients/event-reader.js';
import { giveUp } from '../clients/give-up.js';
import { parseSamples, type ScrapedSample } from '../clients/parse-samples.js';
import { promtool } from '../clients/promtool.js';
import { onPrometheus } from '../contracts/prometheus-server.js';
import { eventually } from '../traffic/eventually.js';

const START_TIMEOUT_MS = 60_000;
const TOKEN = 'scrape-me-if-you-can';

let plane: ControlPlane;
let live: LiveEnvironment;
beforeAll(async () => {
  // Where none is asked for, anybody may read: topology.e2e.spec.ts.
  plane = await ControlPlane.start({ SLUICE_METRICS_TOKEN: TOKEN });
  live = await plane.createEnvironment();
}, START_TIMEOUT_MS);
afterAll(() => plane.close());

const read = async (): Promise<string> =>
  (await fetch(`${plane.url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).text();
const scrape = async (): Promise<readonly ScrapedSample[]> => parseSamples(await read());

/** The sum of the samples of a name that have these labels. */
async function valueOf(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
  const wanted = Object.entries(labels);
  return (await scrape())
    .filter((each) => each.name === name && wanted.every(([label, value]) => each.labels[label] === value))
    .reduce((sum, { value }) => sum + value, 0);
}

describe('requests', () => {
  it('are counted by the template of their route, by status, and with how long they took', async () => {
    const flag = '/api/v1/projects/:project/flags/:flag';
    const asked = { method: 'GET', route: flag };
    for (const key of ['no-such', 'none-such']) {
      await plane.manage('GET', `/projects/${live.project}/flags/${key}`).catch(() => undefined);
    }
    expect(await valueOf('sluice_http_requests_total', { ...asked, status: '404' })).toBe(2);
    expect(await valueOf('sluice_http_request_duration_seconds_count', asked)).toBe(2);
    expect(await valueOf('sluice_http_request_duration_seconds_bucket', { ...asked, le: '+Inf' })).toBe(2);
    expect(await valueOf('sluice_http_request_duration_seconds_sum', asked)).toBeGreaterThan(0);
  });

  it('whose clients give up are counted as such, and their durations are none', async () => {
    const asked = { method: 'POST', route: '/api/v1/projects' };
    const timed = await valueOf('sluice_http_request_duration_seconds_count', asked);
    await giveUp(plane.url, '/api/v1/projects', live.tokens.server.secret);
    await eventually(async () => (await valueOf('sluice_http_requests_total', { ...asked, status: 'aborted' })) === 1);
    expect(await valueOf('sluice_http_request_duration_seconds_count', asked)).toBe(timed);
  });

  it('that no route answers are one series, whatever they ask for', async () => {
    const before = (await scrape()).length;
    for (let index = 0; index < 20; index += 1) await fetch(`${plane.url}/api/wp-admin-${index}`);
    await fetch(`${plane.url}/api/%zz`);
    expect(await valueOf('sluice_http_requests_total', { route: 'none', status: '404' })).toBe(20);
    // One counter and the lines of one histogram, for GET; and what a scrape adds about itself.
    expect((await scrape()).length).toBeLessThan(before + 60);
    expect(await read()).not.toContain('wp-admin');
  });

  it('that are streams are counted apart, and spoil no duration', async () => {
    const reader = await EventReader.open(`${plane.url}/sdk/v1/stream`, bearer(live.tokens.server));
    await reader.next();
    expect(await valueOf('sluice_streams_open', { audience: 'sdk' })).toBe(1);
    await reader.close();
    await eventually(async () => (await valueOf('sluice_streams_open', { audience: 'sdk' })) === 0);
    expect(await valueOf('sluice_streams_opened_total', { audience: 'sdk' })).toBe(1);
    expect(await valueOf('sluice_http_request_duration_seconds_count', { route: '/sdk/v1/stream' })).toBe(0);
    expect(await valueOf('sluice_http_requests_total', { route: '/sdk/v1/stream' })).toBe(0);
    expect((await fetch(`${plane.url}/sdk/v1/stream`)).status).toBe(401);
    expect(await valueOf('sluice_http_requests_total', { route: '/sdk/v1/stream', status: '401' })).toBe(1);
  });
});

describe('delivery', () => {
  it('tells the revision that is served, the evaluations made, and how long an SDK took to come along', async () => {
    await live.createFlag({ key: 'dark', type: 'boolean' });
    const sluice = await createClient({
      url: plane.url,
      token: live.tokens.server.secret,
      cacheDir: false,
      telemetryIntervalMs: 1_000,
    });
    try {
      const where = { project: live.project, environment: 'live' };
      // A change says nothing of how it spreads to who was not there before.
      await eventually(async () => (await valueOf('sluice_telemetry_batches_total', { outcome: 'counted' })) > 0);
      const before = await valueOf('sluice_snapshot_revision', where);
      await live.decide('dark', { on: true });
      await eventually(async () => (await valueOf('sluice_snapshot_revision', where)) === before + 1);
      await eventually(async () => (await valueOf('sluice_propagation_seconds_count')) > 0);
      await eventually(async () => (await valueOf('sluice_sdk_instances', { ...where, standing: 'current' })) === 1);
    } finally {
      await sluice.close();
    }
    const ask = (path: string): Promise<Response> =>
      fetch(`${plane.url}/ofrep/v1/evaluate/flags${path}`, {
        method: 'POST',
        headers: { ...bearer(live.tokens.client), 'content-type': 'application/json' },
        body: JSON.stringify({ context: { targetingKey: 'ada' } }),
      });
    expect((await ask('/dark')).status).toBe(200);
    expect((await ask('')).status).toBe(200);
    expect(await valueOf('sluice_evaluations_total', { protocol: 'ofrep' })).toBe(2);
  });

  it('counts calls of gRPC by method and status', async () => {
    const client = new GrpcClient(plane.server.grpcAddress, credentials.createInsecure());
    const call = (method: string): Promise<number> =>
      new Promise((resolve) => {
        const asIs = (bytes: Buffer): Buffer => bytes;
        client.makeUnaryRequest(method, asIs, asIs, Buffer.alloc(0), (error) => resolve(error?.code ?? status.OK));
      });
    try {
      expect(await call('/grpc.health.v1.Health/Check')).toBe(status.OK);
      expect(await call('/no.such.Service/Method')).toBe(status.UNIMPLEMENTED);
    } finally {
      client.close();
    }
    const counted = (await scrape()).filter(({ name }) => name === 'sluice_grpc_calls_total');
    expect(counted.map(({ labels, value }) => [labels, value])).toEqual([
      [{ method: '/grpc.health.v1.Health/Check', code: 'OK' }, 1],
    ]);
  });

  it('counts telemetry that is refused', async () => {
    const response = await fetch(`${plane.url}/sdk/v1/telemetry`, {
      method: 'POST',
      headers: { ...bearer(live.tokens.server), 'content-type': 'application/json' },
      body: '{"batchId":"no"}',
    });
    expect(response.status).toBe(400);
    expect(await valueOf('sluice_telemetry_batches_total', { outcome: 'refused' })).toBe(1);
  });
});

describe('the server itself', () => {
  it('tells what it leans on, what waits in it, and how its jobs go', async () => {
    expect(await valueOf('sluice_dependency_up', { dependency: 'database' })).toBe(1);
    expect(await valueOf('sluice_replicas')).toBe(1);
    const names = new Set((await scrape()).map(({ name }) => name));
    for (const name of ['sluice_outbox_messages', 'sluice_outbox_oldest_age_seconds']) expect(names).toContain(name);
    const jobs = (await scrape())
      .filter(({ name }) => name === 'sluice_jobs_waiting')
      .map(({ labels }) => labels['type']);
    expect(jobs).toEqual(expect.arrayContaining(['rollout.tick', 'guardrail.check']));
    expect(await valueOf('process_resident_memory_bytes')).toBeGreaterThan(0);
    expect(names).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(await valueOf('sluice_scrape_failures_total')).toBe(0);
  });
});

describe('who may read', () => {
  it('is who shows the token, where one is asked for', async () => {
    const ask = (authorization?: string): Promise<Response> =>
      fetch(`${plane.url}/metrics`, authorization === undefined ? {} : { headers: { authorization } });
    for (const wrong of [undefined, TOKEN, `Bearer ${TOKEN}x`, 'Bearer ']) {
      const refused = await ask(wrong);
      expect([refused.status, await refused.json()]).toEqual([
        401,
        expect.objectContaining({ code: 'METRICS_TOKEN_REFUSED' }),
      ]);
    }
    const allowed = await ask(`Bearer ${TOKEN}`);
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await allowed.text()).toContain('sluice_build_info{');
  });
});

onPrometheus((program) => {
  it('nothing of what is told is wrong or ill-named, by promtool', async () => {
    expect(await promtool(program, ['check', 'metrics'], await read())).toEqual({ exitCode: 0, said: '' });
  });
});
