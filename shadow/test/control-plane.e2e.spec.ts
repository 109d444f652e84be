import { afterEach, expect, it } from '@jest/globals';
import { aFlag, aSnapshot } from '../../sdk/test/builders.js';
import { FakeControlPlane, TOKEN } from '../../sdk/test/fake-control-plane.js';
import { startTestServer } from '../../server/test/e2e/start-test-server.js';
import { type CommandLine, parseCommandLine } from '../src/command-line.js';
import { type Shadow, startShadow } from '../src/start-shadow.js';
import { type Answer, json, type Service, startService } from './start-service.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function aService(answer: Answer): Promise<Service> {
  const service = await startService(answer);
  closing.push(() => service.close());
  return service;
}

function settingsOf(command: CommandLine): Extract<CommandLine, { kind: 'settings' }>['settings'] {
  if (command.kind !== 'settings') throw new Error(JSON.stringify(command));
  return command.settings;
}

const silent = (): void => undefined;

async function aShadow(options: Readonly<Record<string, string>>): Promise<Shadow> {
  const words = Object.entries({ listen: '127.0.0.1:0', run: 'service', ...options }).flatMap(([k, v]) => [
    `--${k}`,
    v,
  ]);
  const logger = { debug: silent, info: silent, warn: silent, error: silent };
  const shadow = await startShadow(settingsOf(parseCommandLine(words, {})), { logger, report: silent });
  closing.push(() => shadow.close());
  return shadow;
}

const SECRETS = ['jane.doe@shop.example', 'Jane', '4111111111111111', 'sid-of-jane', 'bearer-of-jane', 'u-jane'];
const ACCOUNT = { email: SECRETS[0], name: SECRETS[1], card: SECRETS[2], plan: 'gold' };

async function aPlane(run: object): Promise<FakeControlPlane> {
  const plane = await new FakeControlPlane(
    aSnapshot({
      parallelRuns: [
        {
          ...{ key: 'service', epoch: 3, share: 100_000, twinShare: 0, deadlineMs: 5_000, maxConcurrent: 10 },
          ...{ budget: { addedMs: 10_000, loopDelayMs: 60_000 }, windowSeconds: 60, rules: [], rawPaths: [] },
          ...{ digestKey: 'k', ...run },
        },
      ],
    }),
  ).start();
  closing.push(() => plane.stop());
  return plane;
}

async function askForJane(url: string): Promise<Response> {
  return fetch(`${url}/accounts/${encodeURIComponent(SECRETS[0] ?? '')}?name=${SECRETS[1]}`, {
    method: 'POST',
    headers: { cookie: `sid=${SECRETS[3]}`, authorization: `Bearer ${SECRETS[4]}`, 'x-user': SECRETS[5] ?? '' },
    body: JSON.stringify(ACCOUNT),
  });
}

it('tells the control plane what differs and no value of it, but for paths that are allowed', async () => {
  const plane = await aPlane({ rawPaths: ['$.body.plan'] });
  const primary = await aService((_request, response) =>
    json(response, ACCOUNT, { 'set-cookie': `sid=${SECRETS[3]}` }),
  );
  const candidate = await aService((_request, response) => {
    json(
      response,
      { email: null, name: 'J', card: 1, plan: 'silver' },
      { 'set-cookie': 'sid=other', 'x-new': SECRETS[4] ?? '' },
    );
  });
  const shadow = await aShadow({
    ...{ primary: primary.url.href, candidate: candidate.url.href, url: plane.url, token: TOKEN },
    ...{ methods: 'POST', 'context-header': 'x-user', 'candidate-version': 'v2', 'primary-version': 'v1' },
  });
  expect(await (await askForJane(shadow.url)).json()).toEqual(ACCOUNT);
  expect(candidate.seen[0]).toMatchObject({ body: JSON.stringify(ACCOUNT), headers: { 'x-user': 'u-jane' } });
  await shadow.close();
  const reports = plane.received.flatMap(({ parallelRuns = [] }) => parallelRuns);
  expect(reports).toMatchObject([
    { run: 'service', epoch: 3, controlVersion: 'v1', candidateVersion: 'v2', verdicts: { mismatch: 1 } },
  ]);
  const [signature] = reports[0]?.signatures ?? [];
  expect(signature?.places.map(({ path }) => path).sort()).toEqual([
    ...['$.body.card', '$.body.email', '$.body.name', '$.body.plan'],
    ...["$.headers['set-cookie'].sid.value", "$.headers['x-new']"],
  ]);
  const plans = signature?.samples[0]?.values.filter(({ path }) => path === '$.body.plan');
  expect(plans).toEqual([{ path: '$.body.plan', control: { raw: '"gold"' }, candidate: { raw: '"silver"' } }]);
  expect(reports[0]?.strata).toMatchObject([{ stratum: 'POST:accounts.:id', n: 1 }]);
  const sent = JSON.stringify(plane.received) + JSON.stringify(plane.requests);
  for (const secret of [...SECRETS, encodeURIComponent(SECRETS[0] ?? '')]) expect(sent).not.toContain(secret);
});

it('the primary answers, also where the run would have its candidate serve', async () => {
  const serve = { flag: aFlag().key, variation: 'on' };
  for (const share of [0, 100_000]) {
    const plane = await aPlane({ serve, share });
    const primary = await aService((_request, response) => void response.end('primary'));
    const candidate = await aService((_request, response) => void response.end('candidate'));
    const urls = { primary: primary.url.href, candidate: candidate.url.href };
    const shadow = await aShadow({ ...urls, url: plane.url, token: TOKEN });
    expect(await (await fetch(shadow.url)).text()).toBe('primary');
    expect(primary.seen).toHaveLength(1);
  }
});

it('forwards while the control plane is away', async () => {
  const plane = await aPlane({});
  await plane.stop();
  const primary = await aService((_request, response) => void response.end('primary'));
  const urls = { primary: primary.url.href, candidate: primary.url.href };
  const shadow = await aShadow({ ...urls, url: plane.url, token: TOKEN });
  expect(await (await fetch(shadow.url)).text()).toBe('primary');
});

it('a run that people set up in Sluice compares two services, and Sluice shows how they stand', async () => {
  const server = await startTestServer({});
  closing.push(() => server.close());
  const secretOf = async (draft: object): Promise<string> =>
    ((await server.api('POST', '/api/v1/tokens', draft)).body as { secret: string }).secret; // by contract
  const ops = server.as(await secretOf({ kind: 'admin', name: 'ops' }));
  expect((await server.api('POST', '/api/v1/projects', { key: 'shop', name: 'Shop' })).status).toBe(201);
  const token = await secretOf({ kind: 'server', name: 'proxy', project: 'shop', environment: 'production' });
  expect((await ops('POST', '/api/v1/projects/shop/parallel-runs', { key: 'service', name: 'Service' })).status).toBe(
    201,
  );
  const placed = '/api/v1/projects/shop/environments/production/parallel-runs/service';
  const rule = { path: '$.body.at', kind: 'ignore', owner: 'ops', reason: 'It is the time.' };
  expect(await ops('POST', `${placed}/rules`, rule, { 'if-match': '*' })).toMatchObject({ status: 200 });
  // No machine is so slow that copies are shed.
  const runner = { budget: { addedMs: 10_000, loopDelayMs: 10_000 }, maxConcurrent: 100 };
  expect(await ops('PATCH', placed, { runner }, { 'if-match': '*' })).toMatchObject({ status: 200 });
  expect(await ops('PUT', `${placed}/share`, { share: 100_000 }, { 'if-match': '*' })).toMatchObject({ status: 200 });

  const answer: Answer = ({ path, headers }, response) => {
    const at = headers['sluice-shadow'] === undefined ? 1 : 2;
    json(response, { at, price: path === '/orders/13' && at === 2 ? 14 : 13 });
  };
  const service = await aService(answer);
  const urls = { primary: service.url.href, candidate: service.url.href };
  const shadow = await aShadow({ ...urls, url: server.url, token, 'candidate-version': 'v2' });
  for (let order = 10; order < 20; order += 1) await (await fetch(`${shadow.url}/orders/${order}`)).text();
  await service.untilSeen(20);
  await shadow.close();
  const { candidates } = (await ops('GET', placed)).body as { readonly candidates: readonly unknown[] }; // by contract
  const [candidate] = candidates;
  expect(JSON.stringify(candidate)).toContain('$.body.price');
  expect(JSON.stringify(candidate)).toContain('"v2"');
  expect(candidate).toMatchObject({ assessment: { equivalence: { n: 10, x: 1 } } });
});
