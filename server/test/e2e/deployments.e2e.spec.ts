import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyPatch, type Snapshot, type SnapshotPatch } from '@sluice/sdk/evaluation';
import { Transactions } from '../../src/kernel/transactions.js';
import { ServiceTraffics, SnapshotRamps, type TrafficPlace } from '../../src/deployments/index.js';
import { EnvironmentRevisions } from '../../src/projects/index.js';
import { aDigest } from '../builders/a-service.js';
import { aTelemetryBatch } from '../builders/a-telemetry-batch.js';
import { bearer, ControlPlane, type LiveEnvironment, type TestToken } from '../clients/control-plane.js';
import { createDatabase, onPostgres } from '../contracts/databases.js';
import { EventReader } from '../clients/event-reader.js';

const START_TIMEOUT_MS = 60_000;

/** What these tests look at of an answer's body, each where it is there. */
interface Body {
  readonly id: string;
  readonly items: readonly Body[];
  readonly nextCursor: string | null;
  readonly version: string;
  readonly action: string;
  readonly code: string;
}
interface Said {
  readonly status: number;
  readonly body: Body;
}

describe('On PostgreSQL', () => {
  onPostgres((serverUrl) => {
    it(
      'many first reports and changes to the whole project do not wait for each other in a circle',
      async () => {
        const { url, drop } = await createDatabase(serverUrl);
        const scaled = await ControlPlane.start({ DATABASE_URL: url });
        try {
          const { project } = await scaled.createEnvironment();
          const report = (n: number) =>
            scaled.manage('POST', `/projects/${project}/deployments`, {
              ...aReport,
              service: `s${n % 4}`,
              version: `v${n}`,
            });
          const flag = (n: number) =>
            scaled.manage('POST', `/projects/${project}/flags`, { key: `f${n}`, type: 'boolean' });
          await Promise.all(Array.from({ length: 24 }, (_, n) => (n % 3 === 2 ? flag(n) : report(n))));
          const same = await Promise.all(Array.from({ length: 8 }, () => report(0)));
          expect(new Set(same.map((body) => (body as Body).id)).size).toBe(1);
          const { items } = await scaled.manage<Body>('GET', `/projects/${project}/deployments`);
          expect(items).toHaveLength(16);
        } finally {
          await scaled.close();
          await drop();
        }
      },
      START_TIMEOUT_MS,
    );
  });
});

let plane: ControlPlane;
beforeAll(async () => {
  plane = await ControlPlane.start();
}, START_TIMEOUT_MS);
afterAll(() => plane.close(), START_TIMEOUT_MS);

/** A project of its own for each test, with environments "live" and "staging", and CI that calls there. */
async function newProject() {
  const live = await plane.createEnvironment();
  const { project } = live;
  await plane.manage('POST', `/projects/${project}/environments`, { key: 'staging' });
  const ciToken = (more: object = {}) =>
    plane.manage<TestToken>('POST', '/tokens', { kind: 'ci', name: 'ci', project, ...more });
  const as =
    (token: TestToken) =>
    async (method: string, path: string, body?: unknown): Promise<Said> => {
      const response = await fetch(`${plane.url}/api/v1/projects/${project}${path}`, {
        method,
        headers: { ...bearer(token), 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Body };
    };
  const call = as(await ciToken());
  const report = (fields: object = {}): Promise<Said> => call('POST', '/deployments', { ...aReport, ...fields });
  const revision = async (environment = 'live'): Promise<number> =>
    (await plane.manage<{ revision: number }>('GET', `/projects/${project}/environments/${environment}`)).revision;
  const audit = async (): Promise<readonly Body[]> => {
    const { projectId } = await plane.manage<{ projectId: string }>('GET', `/projects/${project}/environments/live`);
    const { items } = await plane.manage<Body>('GET', `/audit?limit=200&projectId=${projectId}`);
    return items.filter(({ action }) => /^(?:service|deployment)\./u.test(action)).toReversed();
  };
  return { live, project, as, ciToken, call, report, revision, audit };
}

const aReport = { service: 'returns', environment: 'live', version: 'v456', digest: aDigest() };

describe('A report', () => {
  it('makes its service, and gives the first version all callers at once, on record', async () => {
    const { report, call, revision, audit } = await newProject();
    const before = await revision();
    const url = 'https://ci.test/runs/456';
    const first = await report({ url });
    expect(first).toMatchObject({ status: 201, body: { ...aReport, url, state: 'installed', reportedBy: 'ci' } });
    expect(await call('GET', '/services')).toMatchObject({
      status: 200,
      body: { items: [{ key: 'returns', name: 'returns', version: 1 }], nextCursor: null },
    });
    expect(await revision()).toBe(before + 1);
    expect(await audit()).toMatchObject([
      { action: 'service.created', subject: 'service/returns', after: { reason: expect.stringContaining('first') } },
      {
        action: 'deployment.reported',
        subject: 'service/returns/live',
        after: { version: 'v456', becameStable: true, reason: expect.stringContaining('nothing to compare') },
      },
    ]);
  });

  it('said again is the same report; said otherwise it is another', async () => {
    const { report, revision, audit } = await newProject();
    const first = await report();
    const revised = await revision();
    expect(await report({ url: 'https://ci.test/retry' })).toEqual({ status: 200, body: first.body });
    const second = await report({ version: 'v457', digest: aDigest('b') });
    expect(second.status).toBe(201);
    // Another version came in between, and the first is still installed.
    expect(await report()).toEqual({ status: 200, body: first.body });
    const removed = await report({ state: 'removed' });
    expect(removed).toMatchObject({ status: 201, body: { state: 'removed' } });
    expect(await report({ state: 'removed' })).toEqual({ status: 200, body: removed.body });
    const back = await report();
    expect([back.status, back.body.id === first.body.id]).toEqual([201, false]);
    expect((await audit()).map(({ action }) => action)).toEqual([
      'service.created',
      ...Array.from({ length: 4 }, () => 'deployment.reported'),
    ]);
    // Only the first version changed what callers get.
    expect(await revision()).toBe(revised);
  });

  it('tells others of a service that comes, changes and goes, and not of one version among several that goes', async () => {
    const { report, project } = await newProject();
    await report({ version: 'v1' });
    await report({ version: 'v1' });
    await report({ version: 'v2', digest: aDigest('b') });
    await report({ version: 'v1', state: 'removed' });
    await report({ version: 'v2', digest: aDigest('b'), state: 'removed' });
    const { items } = await plane.manage<{ items: readonly object[] }>('GET', `/projects/${project}/events`);
    const content = (letter: string) => ({
      environment: { id: 'live' },
      artifactId: `pkg:oci/returns@${encodeURIComponent(aDigest(letter))}`,
    });
    const event = (verb: string, subjectContent: object) => ({
      type: `dev.cdevents.service.${verb}.0.2.0`,
      subject: 'service/returns',
      sluiceenvironment: 'live',
      data: { subject: { content: subjectContent } },
    });
    expect(items).toMatchObject([
      event('deployed', content('a')),
      event('upgraded', content('b')),
      event('removed', { environment: { id: 'live' } }),
    ]);
  });

  it('made at the same time by many is one report, one service and one revision', async () => {
    const { report, revision, audit, call } = await newProject();
    const before = await revision();
    const answers = await Promise.all(Array.from({ length: 10 }, () => report()));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 9 }, () => 200), 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const versions = Array.from({ length: 10 }, (_, i) => report({ version: `w${i}`, service: `s${i % 2}` }));
    expect((await Promise.all(versions)).map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 201));
    expect(await revision()).toBe(before + 3);
    expect((await call('GET', '/services')).body.items).toHaveLength(3);
    expect((await audit()).filter(({ action }) => action === 'service.created')).toHaveLength(3);
  });

  it('of a version that is another build than before is refused, in words, and leaves nothing', async () => {
    const { report, call, audit } = await newProject();
    await report({ environment: 'staging' });
    const before = await audit();
    const refused = await report({ digest: aDigest('b') });
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'ARTIFACT_DIFFERS',
        detail: expect.stringMatching(new RegExp(`staging.*${aDigest()}.*${aDigest('b')}`, 'u')),
        firstReportedIn: 'staging',
        knownDigest: aDigest(),
        reportedDigest: aDigest('b'),
      },
    });
    expect(await audit()).toEqual(before);
    expect((await call('GET', '/deployments')).body.items).toHaveLength(1);
    // The same build goes on to the next environment.
    expect((await report()).status).toBe(201);
    // The version of another service is another version.
    expect((await report({ service: 'checkout', digest: aDigest('b') })).status).toBe(201);
  });
});

describe('A refused report stores nothing', () => {
  it.each<[string, unknown, number, string]>([
    ['no body', undefined, 400, 'VALIDATION_FAILED'],
    ['a list', [], 400, 'VALIDATION_FAILED'],
    ['half of JSON', '{"service":', 400, 'JSON_MALFORMED'],
    ['a bad digest', { ...aReport, digest: 'sha256:1234' }, 400, 'VALIDATION_FAILED'],
    ['a digest in capitals', { ...aReport, digest: aDigest('A') }, 400, 'VALIDATION_FAILED'],
    ['no version', { ...aReport, version: undefined }, 400, 'VALIDATION_FAILED'],
    ['a version too long', { ...aReport, version: 'v'.repeat(129) }, 400, 'VALIDATION_FAILED'],
    ['a version with NUL', { ...aReport, version: 'v\0' }, 400, 'JSON_HAS_NUL'],
    ['a service too long', { ...aReport, service: 's'.repeat(65) }, 400, 'VALIDATION_FAILED'],
    ['a url too long', { ...aReport, url: `https://ci.test/${'x'.repeat(2_000)}` }, 400, 'VALIDATION_FAILED'],
    ['a url with half a surrogate pair', { ...aReport, url: 'https://ci.test/\ud800' }, 400, 'VALIDATION_FAILED'],
    ['a state nobody knows', { ...aReport, state: 'running' }, 400, 'VALIDATION_FAILED'],
    ['a field nobody knows', { ...aReport, tag: 'latest' }, 400, 'VALIDATION_FAILED'],
    ['__proto__', `{"__proto__":{},${JSON.stringify(aReport).slice(1)}`, 400, 'JSON_MALFORMED'],
    ['an environment nobody made', { ...aReport, environment: 'moon' }, 404, 'ENVIRONMENT_NOT_FOUND'],
    ['an environment with NUL', { ...aReport, environment: 'a\0' }, 400, 'JSON_HAS_NUL'],
  ])('%s', async (_name, body, status, code) => {
    const { call, audit } = await newProject();
    expect(await call('POST', '/deployments', body)).toMatchObject({ status, body: { code } });
    expect((await call('GET', '/services')).body.items).toEqual([]);
    expect(await audit()).toEqual([]);
  });

  it('by a token that is not for this', async () => {
    const { as, ciToken, live, call } = await newProject();
    const elsewhere = await (await newProject()).ciToken();
    const bound = await ciToken({ environment: 'staging' });
    const answers: readonly [TestToken, number, string][] = [
      [live.tokens.server, 403, 'PERMISSION_MISSING'],
      [live.tokens.client, 403, 'PERMISSION_MISSING'],
      [elsewhere, 404, 'PROJECT_NOT_FOUND'],
      [bound, 403, 'SCOPE_TOO_NARROW'],
    ];
    for (const [token, status, code] of answers) {
      expect(await as(token)('POST', '/deployments', aReport)).toMatchObject({ status, body: { code } });
    }
    for (const path of ['/deployments', '/services', '/services/returns/environments']) {
      expect(await as(live.tokens.server)('GET', path)).toMatchObject({ status: 403 });
    }
    expect((await call('GET', '/services')).body.items).toEqual([]);
  });
});

describe('The list of deployments', () => {
  it('pages newest first over all, each once, and narrows to a service and an environment', async () => {
    const { report, call } = await newProject();
    const versions = Array.from({ length: 25 }, (_, i) => `v${i}`);
    for (const version of versions) await report({ version, environment: version.endsWith('4') ? 'staging' : 'live' });
    await report({ service: 'checkout', version: 'c1' });
    const walk = async (query: string): Promise<readonly string[]> => {
      const seen: string[] = [];
      for (let after: string | null = ''; after !== null;) {
        const page: Said = await call('GET', `/deployments?${query}${after === '' ? '' : `&after=${after}`}`);
        expect(page.status).toBe(200);
        seen.push(...page.body.items.map(({ version }) => version));
        after = page.body.nextCursor;
      }
      return seen;
    };
    const newestFirst = versions.toReversed();
    expect(await walk('limit=7')).toEqual(['c1', ...newestFirst]);
    expect(await walk('limit=4&service=returns')).toEqual(newestFirst);
    expect(await walk('limit=2&environment=staging')).toEqual(['v24', 'v14', 'v4']);
    expect(await walk('service=checkout&environment=staging')).toEqual([]);
  });

  it('shows a token that is bound to one environment no other', async () => {
    const { report, as, ciToken } = await newProject();
    await report();
    await report({ environment: 'staging' });
    const call = as(await ciToken({ environment: 'staging' }));
    const where = async (path: string) => (await call('GET', path)).body.items;
    expect(await where('/deployments')).toMatchObject([{ environment: 'staging' }]);
    expect(await where('/services/returns/environments')).toMatchObject([{ environment: 'staging' }]);
    expect(await call('GET', '/deployments?environment=live')).toMatchObject({ status: 403 });
    expect((await call('POST', '/deployments', { ...aReport, environment: 'staging' })).status).toBe(200);
  });

  it.each([
    ['limit=0', 400],
    ['after=%25', 400],
    ['after=djE', 400],
    ['sort=version', 400],
    ['service=nobody', 404],
    ['service=%00', 400],
    ['environment=moon', 404],
    ['environment=a&environment=b', 400],
    [`service=${'x'.repeat(65)}`, 400],
  ])('refuses the query %s', async (query, status) => {
    const { call } = await newProject();
    expect(await call('GET', `/deployments?${query}`)).toMatchObject({ status });
  });
});

describe('Services', () => {
  it('are created by themselves too, once', async () => {
    const { call, report, audit } = await newProject();
    const created = await call('POST', '/services', { key: 'returns', name: 'Returns' });
    expect(created).toMatchObject({ status: 201, body: { key: 'returns', name: 'Returns', version: 1 } });
    expect(await call('POST', '/services', { key: 'returns' })).toMatchObject({
      status: 409,
      body: { code: 'SERVICE_EXISTS' },
    });
    expect((await report()).status).toBe(201);
    expect(await call('GET', '/services/returns')).toEqual({ status: 200, body: created.body });
    expect((await audit()).map(({ action }) => action)).toEqual(['service.created', 'deployment.reported']);
  });

  it.each<[string, unknown]>([
    ['capitals', { key: 'Returns' }],
    ['no key', {}],
    ['a field nobody knows', { key: 'returns', owner: 'me' }],
    ['a name of spaces', { key: 'returns', name: '  ' }],
    ['a name too long', { key: 'returns', name: 'x'.repeat(201) }],
  ])('are not made of %s', async (_name, body) => {
    const { call } = await newProject();
    expect(await call('POST', '/services', body)).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
  });

  it.each(['/services/nobody', '/services/nobody/environments', '/services/a%20b', '/services/A'])(
    'are not found at %s',
    async (path) => {
      const { call } = await newProject();
      expect(await call('GET', path)).toMatchObject({ status: 404, body: { code: 'SERVICE_NOT_FOUND' } });
    },
  );
});

describe('What runs where', () => {
  it('is seen at a glance, with what does not agree', async () => {
    const { report, call } = await newProject();
    await report({ version: 'v1' });
    await report({ version: 'v1', environment: 'staging' });
    await report({ version: 'v2', digest: aDigest('b') });
    await report({ version: 'v1', environment: 'staging', state: 'removed' });
    const { status, body } = await call('GET', '/services/returns/environments');
    expect(status).toBe(200);
    const stable = { version: 'v1', digest: aDigest() };
    expect(body).toEqual({
      items: [
        {
          environment: 'live',
          production: false,
          desired: { stable, candidate: null },
          changedAt: expect.any(String),
          installed: [
            expect.objectContaining({ version: 'v2', digest: aDigest('b'), url: null, reportedBy: 'ci' }),
            expect.objectContaining(stable),
          ],
          unlisted: 0,
          running: [],
          drift: [expect.stringMatching(/^v2 is installed and gets no callers/u)],
        },
        {
          environment: 'staging',
          production: false,
          desired: { stable, candidate: null },
          changedAt: expect.any(String),
          installed: [],
          unlisted: 0,
          running: [],
          drift: [expect.stringMatching(/^v1 is to get 100 % of the callers, but is not installed/u)],
        },
      ],
    });
  });

  it('counts the instances that report their version', async () => {
    const { report, call, live } = await newProject();
    await report({ version: 'v1' });
    for (const [index, version] of ['v1', 'v1', 'v9'].entries()) {
      const id = `i${index}`;
      const instance = { ...aTelemetryBatch().instance, id, service: { key: 'returns', version } };
      const response = await fetch(`${plane.url}/sdk/v1/telemetry`, {
        method: 'POST',
        headers: { ...bearer(live.tokens.server), 'content-type': 'application/json' },
        body: JSON.stringify(aTelemetryBatch({ batchId: id, instance })),
      });
      expect([response.ok, await response.text()]).toEqual([true, expect.any(String)]);
    }
    const { items } = (await call('GET', '/services/returns/environments')).body;
    expect(items[0]).toMatchObject({
      environment: 'live',
      running: [
        { version: 'v1', instances: 2 },
        { version: 'v9', instances: 1 },
      ],
      drift: [expect.stringMatching(/^v9 is running/u)],
    });
  });
});

/** Moves a service's callers as the ramp engine does: one transaction, one revision. */
async function move(
  live: LiveEnvironment,
  work: (
    traffics: ServiceTraffics,
    tx: Parameters<ServiceTraffics['current']>[0],
    at: TrafficPlace,
  ) => Promise<unknown>,
): Promise<void> {
  const { app } = plane.server;
  const { projectId } = await plane.manage<{ projectId: string }>('GET', `/projects/${live.project}/environments/live`);
  const revisions = app.get(EnvironmentRevisions, { strict: false });
  await app.get(Transactions, { strict: false }).run(async (tx) => {
    await revisions.lock(tx, live.id);
    const traffics = app.get(ServiceTraffics, { strict: false });
    await work(traffics, tx, { projectId, environmentId: live.id, key: 'returns' });
    await revisions.advance(tx, [live.id]);
  });
}

describe('A stream', () => {
  it('tells of services and ramps, whole, in puts and in patches, and of neither where there are none', async () => {
    const { live, report } = await newProject();
    const open = () => EventReader.open(`${plane.url}/sdk/v1/stream`, bearer(live.tokens.server));
    const stream = await open();
    const put = await stream.next();
    expect(put.event).toBe('put');
    let snapshot = JSON.parse(put.data) as Snapshot;
    expect(Object.keys(snapshot)).toEqual(['schemaVersion', 'project', 'environment', 'revision', 'flags', 'segments']);
    const next = async (): Promise<SnapshotPatch> => {
      const { event, data } = await stream.next();
      expect(event).toBe('patch');
      const patch = JSON.parse(data) as SnapshotPatch;
      snapshot = applyPatch(snapshot, patch) as Snapshot; // safe: what follows fails on undefined
      return patch;
    };

    await report({ version: 'v1' });
    expect(await next()).toMatchObject({ services: [{ key: 'returns', stable: 'v1' }] });
    // A version that waits for its release changes nothing for callers.
    await report({ version: 'v2', digest: aDigest('b') });

    const ramp = { rollout: 'r1', subject: 'service/returns', stable: 'v1', candidate: 'v2', share: 5_000 };
    let isRamping = true;
    plane.server.app
      .get(SnapshotRamps, { strict: false })
      .register((_tx, environmentId) => Promise.resolve(isRamping && environmentId === live.id ? [ramp] : []));
    const candidate = { version: 'v2', digest: aDigest('b'), share: 5_000 };
    await move(live, (traffics, tx, at) => traffics.setCandidate(tx, at, candidate));
    const ramped = [{ key: 'returns', stable: 'v1', candidate: { version: 'v2', share: 5_000 } }];
    const raised = await next();
    expect(raised).toMatchObject({ services: ramped, ramps: [ramp], flags: [] });

    await live.createFlag({ key: 'other', type: 'boolean' });
    const unrelated = await next();
    expect(unrelated.flags).toHaveLength(1);
    expect(unrelated).not.toHaveProperty('services');
    expect(unrelated).not.toHaveProperty('ramps');

    const late = await open();
    const whole = JSON.parse((await late.next()).data) as Snapshot;
    expect(whole).toMatchObject({ services: ramped, ramps: [ramp] });
    expect(snapshot).toEqual(whole);
    await late.close();

    isRamping = false;
    await move(live, (traffics, tx, at) => traffics.promoteCandidate(tx, at));
    expect(await next()).toMatchObject({ services: [{ key: 'returns', stable: 'v2' }], ramps: [] });
    await stream.close();
  });
});
