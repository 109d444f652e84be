import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDatabase, onPostgres } from '../contracts/databases.js';
import { type Answer, startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;

/** What these tests look at of an answer's body, each where it is there. */
interface Body {
  readonly revision: number;
  readonly version: number;
  readonly on: boolean;
  readonly errors?: readonly { readonly code: string }[];
}
type Said = Omit<Answer, 'body'> & { readonly body: Body };

const codesOf = ({ body }: Said): readonly string[] => (body.errors ?? []).map(({ code }) => code);

/** What holds when requests meet, on a server of its own. */
function describeRaces(start: () => Promise<TestServer>): void {
  let server: TestServer;
  let projects = 0;
  let base: string;
  const call = (method: string, path: string, body?: unknown, version?: number): Promise<Said> =>
    server.api(method, base + path, body, version === undefined ? {} : { 'if-match': `"${version}"` });
  const create = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) {
      expect(await call('POST', '/flags', { key, type: 'boolean' })).toMatchObject({ status: 201 });
    }
  };
  const newProject = async (): Promise<void> => {
    const key = `p${(projects += 1)}`;
    expect((await server.api('POST', '/api/v1/projects', { key })).status).toBe(201);
    base = `/api/v1/projects/${key}`;
  };
  const revisionOf = async (environment: string): Promise<number> =>
    (await call('GET', `/environments/${environment}`)).body.revision;

  beforeAll(async () => {
    server = await start();
  }, START_TIMEOUT_MS);
  afterAll(() => server.close(), START_TIMEOUT_MS);

  it.each<[string, string, (i: number) => object, number]>([
    ['a flag', '/flags/a', (i) => ({ name: `n${i}` }), 1],
    [
      'settings',
      '/flags/a/environments/production',
      (i) => ({ targets: [{ variation: 'on', values: [`user-${i}`] }] }),
      0,
    ],
    ['a segment', '/segments/s', (i) => ({ name: `n${i}` }), 1],
  ])('of 20 edits of %s from the same version one wins', async (_name, path, bodyOf, version) => {
    await newProject();
    await create('a');
    expect((await call('POST', '/segments', { key: 's' })).status).toBe(201);
    const before = await revisionOf('production');
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => call('PATCH', path, bodyOf(i), version)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(19);
    expect(await revisionOf('production')).toBe(before + 1);
  });

  it('20 edits at once that wait for nobody all count, one revision each', async () => {
    await newProject();
    await create('a');
    const path = '/flags/a/environments/production';
    const edit = (i: number): Promise<Said> => {
      const body = { targets: [{ variation: 'on', values: [`user-${i}`] }] };
      return server.api('PATCH', base + path, body, { 'if-match': '*' });
    };
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => edit(i)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect((await call('GET', path)).body.version).toBe(20);
    expect(await revisionOf('production')).toBe(21);
  });

  it('of 20 switches at once each that turns the flag over counts, one revision each', async () => {
    await newProject();
    await create('a');
    const path = '/flags/a/environments/production';
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => call('PATCH', path, { on: i % 2 === 0 })));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    // It began switched off, so every odd version is on and every even one off: nothing was lost or stored twice.
    for (const { body } of answers) expect(body.on).toBe(body.version % 2 === 1);
    const { version } = (await call('GET', path)).body;
    expect(version).toBe(Math.max(...answers.map(({ body }) => body.version)));
    expect(await revisionOf('production')).toBe(1 + version);
  });

  it('prerequisites and segments close no circle, whoever comes first of two', async () => {
    await newProject();
    await create('a', 'b');
    for (const key of ['a', 'b']) expect((await call('POST', '/segments', { key })).status).toBe(201);
    const needs = (flag: string) => ({ prerequisites: [{ flag, variations: ['on'] }] });
    const names = (segment: string) => ({ rules: [{ clauses: [{ operator: 'inSegment', values: [segment] }] }] });
    const flagRace = [
      call('PATCH', '/flags/a/environments/development', needs('b'), 0),
      call('PATCH', '/flags/b/environments/development', needs('a'), 0),
    ];
    const segmentRace = [call('PATCH', '/segments/a', names('b'), 1), call('PATCH', '/segments/b', names('a'), 1)];
    for (const [race, code] of [
      [flagRace, 'PREREQUISITE_CYCLE'],
      [segmentRace, 'SEGMENT_CYCLE'],
    ] as const) {
      const answers = await Promise.all(race);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
      expect(answers.flatMap(codesOf)).toEqual([code]);
    }
    // The other way round in another environment is no circle.
    for (const [flag, other] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const answer = await call('PATCH', `/flags/${flag}/environments/production`, needs(other), 0);
      expect(answer.status).toBe(flag === 'a' ? 200 : 400);
    }
  });

  it('settings never name a flag, variation or segment that went at the same moment', async () => {
    await newProject();
    await create('a');
    const settings = '/flags/a/environments/development';
    for (let round = 0; round < 8; round++) {
      const key = `x${round}`;
      await create(key, `gone${round}`);
      expect((await call('POST', '/segments', { key })).status).toBe(201);
      const { version } = (await call('GET', settings)).body;
      const three = ['on', 'off', 'third'].map((name) => ({ key: name, value: name === 'on' }));
      expect((await call('PATCH', `/flags/${key}`, { variations: three }, 1)).status).toBe(200);
      const edit = {
        prerequisites: [{ flag: key, variations: ['on'] }],
        rules: [{ clauses: [{ operator: 'inSegment', values: [key] }], serve: { variation: 'on' } }],
      };
      const [named, flagGone, segmentGone] = await Promise.all([
        call('PATCH', settings, edit, version),
        call('DELETE', `/flags/${key}`, undefined, 2),
        call('DELETE', `/segments/${key}`, undefined, 1),
      ]);
      const isNamed = named.status === 200;
      expect([named.status, flagGone.status === 204 || segmentGone.status === 204]).toEqual([
        isNamed ? 200 : 400,
        !isNamed,
      ]);

      // Its own variation, and the flag itself.
      await create(`own${round}`);
      expect((await call('PATCH', `/flags/own${round}`, { variations: three }, 1)).status).toBe(200);
      const [served, cut] = await Promise.all([
        call(
          'PATCH',
          `/flags/own${round}/environments/development`,
          { defaultServe: { variation: 'third' }, offVariation: 'off' },
          0,
        ),
        call('PATCH', `/flags/own${round}`, { variations: three.slice(0, 2) }, 2),
      ]);
      expect([served.status, cut.status].sort()).toEqual([200, 400]);
      const [switched, deleted] = await Promise.all([
        call('PATCH', `/flags/gone${round}/environments/development`, { on: true }),
        call('DELETE', `/flags/gone${round}`, undefined, 1),
      ]);
      expect([200, 404]).toContain(switched.status);
      expect(deleted.status).toBe(204);
    }
  }, 60_000);
}

describe('Simultaneous changes', () => {
  describe('on PGlite', () => describeRaces(() => startTestServer()));
  onPostgres((serverUrl) =>
    describeRaces(async () => {
      const { url, drop } = await createDatabase(serverUrl);
      const server = await startTestServer({ DATABASE_URL: url });
      return { ...server, close: () => server.close().then(drop) };
    }),
  );
});
