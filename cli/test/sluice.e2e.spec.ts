import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../server/test/clients/free-port.js';
import { makeDataDir } from '../../server/test/contracts/in-folder.js';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { runCommand } from '../src/run-command.js';
import { aScreen } from './a-screen.js';
import { readXml } from './read-xml.js';
import { runSluice } from './run-sluice.js';
import { type Ended, type Running, spawnSluice, startSluice } from './spawn-sluice.js';
import { startStubServer } from './stub-server.js';

const DIGEST = (letter: string): string => `sha256:${letter.repeat(64)}`;
const FAR = '2099-01-01T00:00:00Z';

let server: TestServer;
let folder: string;
let env: Record<string, string>;
let handedOut: Record<string, string>;
let flags = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-cli-'));
  server = await startTestServer({ SLUICE_TICK_SECONDS: '0.2' });
  // The first token hands out those of people, and does nothing else.
  handedOut = { SLUICE_TOKEN: server.adminToken };
  const person = await server.api('POST', '/api/v1/tokens', { kind: 'admin', name: 'author' });
  env = { SLUICE_URL: server.url, SLUICE_TOKEN: (person.body as { secret: string }).secret }; // By contract.
  await server.api('POST', '/api/v1/projects', { key: 'shop', name: 'Shop' });
  await aPolicy('plain', { steps: [{ share: 10_000 }, { share: 100_000 }] });
  await aPolicy('slow', { steps: [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }] });
  await aPolicy('frozen', {
    steps: [{ share: 100_000 }],
    freezeWindows: [{ name: 'year end', starts: '2020-01-01T00:00:00Z', ends: FAR }],
  });
  await aPolicy('four-eyes', { steps: [{ share: 100_000 }], approvalsToStart: 1 });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function aPolicy(key: string, document: object): Promise<void> {
  const answer = await server.api('POST', '/api/v1/projects/shop/policies', { key, name: key, document });
  expect(answer).toMatchObject({ status: 201, body: { key } });
}

async function aFlag(): Promise<string> {
  const key = `flag-${(flags += 1)}`;
  const { status } = await server.api('POST', '/api/v1/projects/shop/flags', { key, type: 'boolean' });
  expect(status).toBe(201);
  return key;
}

const run = (words: string, more: Record<string, string> = {}): Promise<Ended> =>
  runSluice(words.split(' '), { ...env, ...more });
/** As a pipeline does: what holds for one command so run holds for all, so few are. */
const spawned = (words: string, more: Record<string, string> = {}, input = ''): Promise<Ended> =>
  spawnSluice(words.split(' '), { ...env, ...more }, input);
const start = (words: string, more: Record<string, string> = {}): Running =>
  startSluice(words.split(' '), { ...env, ...more });
const path = (name: string): string => join(folder, name);
const read = async (id: string): Promise<unknown> => (await server.api('GET', `/api/v1/releases/${id}`)).body;

/** A release of a flag that watches its first step for an hour. */
async function aSlowRelease(): Promise<string> {
  const flag = await aFlag();
  const { exitCode, out } = await run(`release create --flag ${flag}=on -e production --policy slow --json`);
  expect(exitCode).toBe(0);
  // By contract a release.
  return (JSON.parse(out) as { id: string }).id;
}

describe('sluice release create --wait', () => {
  it('ends with 0 when the release was made, and leaves what CI shows', async () => {
    await run(`deploy checkout v1 production --digest ${DIGEST('1')}`);
    const deployed = await run(
      `deploy checkout v2 production --digest ${DIGEST('2')} --url-of-run https://ci.example/7`,
    );
    expect([deployed.exitCode, deployed.out]).toEqual([0, `checkout v2 is installed in production: ${DIGEST('2')}\n`]);
    const flag = await aFlag();
    const files = `--junit ${path('ok.xml')} --summary ${path('ok.md')}`;
    const words = `release create --service checkout@v2 --flag ${flag}=on -e production --policy plain --wait ${files}`;
    const { exitCode, out, err } = await spawned(`${words} --json`);
    expect([exitCode, JSON.parse(out)]).toMatchObject([0, { status: 'released', exitCode: 0 }]);
    expect(err).toMatch(/running, step 1 of 2: 10 % asked[^]*released, step 2 of 2: 100 % asked/u);
    expect(readXml(await readFile(path('ok.xml'), 'utf8'))).toMatchObject({
      attributes: { failures: '0', errors: '0' },
    });
    expect(await readFile(path('ok.md'), 'utf8')).toContain('✅ checkout v2 and 1 more → production: released');
    const again = await run(words);
    expect([again.exitCode, again.out]).toMatchObject([0, expect.stringMatching(/\nReleased/u)]);
    expect((await run('release list --status released')).out).toContain('checkout v2 and 1 more');
  });

  it('reads a file, and fills in the arguments of its policy', async () => {
    const flag = await aFlag();
    const document = { steps: [{ share: { parameter: 'first' } }, { share: 100_000 }] };
    const policy = { key: 'open', name: 'Open', parameters: [{ name: 'first', default: 1_000 }], document };
    await writeFile(path('policy.json'), JSON.stringify(policy));
    expect((await run(`policy create -f ${path('policy.json')}`)).exitCode).toBe(0);
    const changes = `changes:\n  - { kind: flag, flag: ${flag}, ramp: { variation: on } }\n`;
    const release = `name: Carts\nenvironment: production\npolicy: open\n${changes}`;
    const made = await spawned('release create -f - --set first=7000 --no-start --json', {}, release);
    expect(JSON.parse(made.out)).toMatchObject({
      status: 'draft',
      name: 'Carts',
      policy: { steps: [{ share: 7_000 }, {}] },
    });
    const { id } = JSON.parse(made.out) as { id: string };
    const started = await run(`release start ${id} --wait`);
    expect([started.exitCode, started.out]).toMatchObject([0, expect.stringContaining('step 1 of 2: 7 % asked')]);
  });

  it('ends with 3 when it is rolled back, which the build is remembered for', async () => {
    await run(`deploy carts v1 production --digest ${DIGEST('3')}`);
    await run(`deploy carts v2 production --digest ${DIGEST('4')}`);
    const words = 'release create --service carts@v2 -e production --policy slow';
    const waiting = start(`${words} --wait --junit ${path('bad.xml')}`);
    await waiting.said(/WATCHING/u);
    const { items } = JSON.parse((await run('release list --status running --json')).out) as {
      items: { id: string }[];
    };
    const id = items[0]?.id ?? '';
    const rolledBack = await run(`rollback ${id} --reason carts`);
    expect([rolledBack.exitCode, rolledBack.out]).toMatchObject([0, expect.stringContaining('● rolled back')]);
    expect(await waiting.ended).toMatchObject({ exitCode: 3, out: expect.stringMatching(/Rolled back by .*: carts/u) });
    expect(readXml(await readFile(path('bad.xml'), 'utf8'))).toMatchObject({ attributes: { failures: '1' } });
    const again = await run(`${words} --json`);
    expect([again.exitCode, JSON.parse(again.out)]).toMatchObject([
      6,
      { error: { problem: { code: 'DIGEST_REJECTED' } } },
    ]);
    const other = await runSluice([...words.split(' '), '--override-rejection', 'mended by hand'], env);
    expect([other.exitCode, other.out]).toMatchObject([0, expect.stringContaining('● running')]);
  });

  it('ends with 4 when it is not known in time, and says how it stands', async () => {
    const id = await aSlowRelease();
    const { exitCode, out } = await run(`release wait ${id} --timeout 500ms`);
    expect([exitCode, out]).toMatchObject([4, expect.stringContaining('Not over when the time was up. WATCHING')]);
    expect(await read(id)).toMatchObject({ status: 'running' });
  });

  it('ends with 5 when measurements could not be taken in time', async () => {
    const away = await startStubServer((_asked, response) => response.destroy());
    await aPolicy('asking', {
      steps: [{ share: 50_000 }, { share: 100_000 }],
      metrics: [
        {
          kind: 'query',
          name: 'errors',
          query: { kind: 'json', url: `${away.url}/errors`, path: '$.value' },
          judge: { kind: 'threshold', atMost: 1 },
          intervalSeconds: 1,
          consecutiveErrorLimit: 0,
        },
      ],
    });
    const flag = await aFlag();
    const { exitCode, out } = await run(
      `release create --flag ${flag}=on -e production --policy asking --wait --timeout 4s`,
    );
    await away.close();
    expect([exitCode, out]).toMatchObject([5, expect.stringContaining('COULD_NOT_ASK')]);
  });

  it('ends with 6 when there is a freeze, and a report says so', async () => {
    const flag = await aFlag();
    const files = `--junit ${path('frozen.xml')} --summary ${path('frozen.md')}`;
    const { exitCode, err } = await run(
      `release create --flag ${flag}=on -e production --policy frozen --wait ${files}`,
    );
    expect([exitCode, err]).toMatchObject([6, expect.stringContaining('Frozen (year end)')]);
    expect(readXml(await readFile(path('frozen.xml'), 'utf8'))).toMatchObject({ attributes: { failures: '1' } });
    expect(await readFile(path('frozen.md'), 'utf8')).toContain('Frozen (year end)');
  });

  it('ends with 6 until another person has approved it, and goes on when it is run again', async () => {
    await run(`deploy mail v1 production --digest ${DIGEST('5')}`);
    await run(`deploy mail v2 production --digest ${DIGEST('6')}`);
    const words = 'release create --service mail@v2 -e production --policy four-eyes --wait';
    const refused = await run(words);
    expect([refused.exitCode, refused.err]).toMatchObject([6, expect.stringContaining('0 of the 1 approvals')]);
    const id = /Release (\S+) is there/u.exec(refused.err)?.[1] ?? '';
    expect(await run(`release approve ${id}`)).toMatchObject({
      exitCode: 8,
      err: expect.stringContaining('another person'),
    });
    const mine = (await run('token create --kind admin --name mine')).out.trim();
    expect(await run(`release approve ${id}`, { SLUICE_TOKEN: mine })).toMatchObject({ exitCode: 8 });
    const reviewer = (await run('token create --kind admin --name reviewer --owner rita', handedOut)).out.trim();
    expect(await run(`release approve ${id} --comment fine`, { SLUICE_TOKEN: reviewer })).toMatchObject({
      exitCode: 0,
    });
    expect((await run('token list', handedOut)).out).toMatch(/reviewer +rita/u);
    expect(await run(words)).toMatchObject({ exitCode: 0, out: expect.stringContaining('Released') });
  });

  it('ends with 6 when somebody gives it up', async () => {
    const id = await aSlowRelease();
    expect(await run(`abort ${id} --reason enough`)).toMatchObject({ exitCode: 0 });
    expect(await run(`release wait ${id}`)).toMatchObject({
      exitCode: 6,
      out: expect.stringMatching(/Aborted by .*enough/u),
    });
  });

  it('ends with 7 when a newer release changes the same', async () => {
    for (const version of [7, 8, 9])
      await run(`deploy stock v${version} production --digest ${DIGEST(String(version))}`);
    const words = `release create -e production --policy slow --flag ${await aFlag()}=on --service stock`;
    const waiting = start(`${words}@v8 --wait`);
    await waiting.said(/WATCHING/u);
    expect(await run(`${words}@v9`)).toMatchObject({ exitCode: 0 });
    expect(await waiting.ended).toMatchObject({ exitCode: 7, out: expect.stringContaining('Superseded by') });
  });

  it('ends with 8 when the token may not', async () => {
    const unknown = { SLUICE_TOKEN: `slu_ci_${'x'.repeat(43)}` };
    expect(await run('release create --flag a=on -e production --project shop', unknown)).toMatchObject({
      exitCode: 8,
    });
    const { secret } = JSON.parse((await run('token create --kind ci --name ci --json')).out) as { secret: string };
    const denied = await run(`policy create -f ${path('policy.json')}`, { SLUICE_TOKEN: secret });
    expect(denied).toMatchObject({ exitCode: 8 });
  });

  it('sits out a server that restarts in the middle', async () => {
    const token = `slu_admin_${'a'.repeat(43)}`;
    const settings = {
      SLUICE_DATA_DIR: await makeDataDir(),
      SLUICE_HTTP_PORT: String(await freePort()),
      SLUICE_GRPC_PORT: '0',
      SLUICE_ADMIN_TOKEN: token,
      SLUICE_TICK_SECONDS: '0.2',
    };
    const first = await startTestServer(settings);
    const its = { SLUICE_URL: first.url, SLUICE_TOKEN: token };
    await first.api('POST', '/api/v1/projects', { key: 'shop', name: 'Shop' });
    await first.api('POST', '/api/v1/projects/shop/flags', { key: 'cart', type: 'boolean' });
    const document = { steps: [{ share: 10_000, minimumUnits: 1 }, { share: 100_000 }] };
    await first.api('POST', '/api/v1/projects/shop/policies', { key: 'sampled', name: 'Sampled', document });
    const waiting = start('release create --flag cart=on -e production --policy sampled --wait --timeout 3m', its);
    await waiting.said(/SAMPLE_SMALL/u);
    await first.close();
    await waiting.said(/does not answer/u);
    const second = await startTestServer(settings);
    try {
      await waiting.said(/answers again/u);
      const { items } = JSON.parse((await run('release list --json', its)).out) as { items: { id: string }[] };
      expect(await run(`promote ${items[0]?.id ?? ''}`, its)).toMatchObject({ exitCode: 0 });
      expect(await waiting.ended).toMatchObject({ exitCode: 0, out: expect.stringContaining('Released') });
    } finally {
      await second.close();
      await rm(settings.SLUICE_DATA_DIR, { recursive: true, force: true });
    }
  }, 240_000);
});

describe('sluice', () => {
  it('ends with 2 for what cannot be meant, and points at it', async () => {
    expect(await run('release create --servcie a')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('--service'),
    });
    expect(await spawned('nonsense')).toMatchObject({ exitCode: 2 });
    expect(await run('promote x --to 50%')).toMatchObject({ exitCode: 2, err: expect.stringContaining('Add --help') });
    expect(await run('release create --flag a=on --flag a=off -e production')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('Another change is of flag/a too'),
    });
    await writeFile(
      path('odd.yaml'),
      'environment: production\nshare: 5\nchanges:\n  - { kind: flag, flag: a, rmp: 1 }\n',
    );
    expect(await run(`release create -f ${path('odd.yaml')}`)).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/\/share: "share" is not a field here\.\n {2}\/changes\/0\/rmp: /u),
    });
    expect(await spawned('flag list', { SLUICE_TOKEN: '' })).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('SLUICE_TOKEN'),
    });
    expect(await run('flag list', { SLUICE_URL: 'sluice.example' })).toMatchObject({ exitCode: 2 });
    expect(await run('release wait x --timeout soon')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('90s, 15m'),
    });
    expect(await run('flag create')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('Say a key, or a file'),
    });
    // As a URL is read, it would be the project.
    expect(await run('environment edit .. --name Renamed')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('".." is no name'),
    });
    const invalid = await run('release create --flag a!=on --flag b=on -e production --json');
    expect([invalid.exitCode, JSON.parse(invalid.out)]).toMatchObject([2, { error: { exitCode: 2 } }]);
    expect(invalid.err).toContain('/changes/0/flag: ');
  });

  it('ends with 5 when nobody answers in time, and says where it asked', async () => {
    const gone = await startStubServer(() => undefined);
    await gone.close();
    const away = { SLUICE_URL: gone.url };
    const { exitCode, err } = await spawned('release wait x --timeout 600ms', away);
    expect([exitCode, err]).toMatchObject([
      5,
      expect.stringContaining(`${gone.url} could not be asked: nothing listens`),
    ]);
  });

  it('leaves the release alone when it is interrupted, and says so', async () => {
    const id = await aSlowRelease();
    for (const [verb, signal] of [
      ['release wait', 'SIGINT'],
      ['watch', 'SIGTERM'],
    ] as const) {
      const waiting = start(`${verb} ${id}`);
      await waiting.said(/WATCHING/u);
      waiting.child.kill(signal);
      expect(await waiting.ended).toMatchObject({
        exitCode: 130,
        err: expect.stringContaining('goes on without this command'),
      });
    }
    expect(await read(id)).toMatchObject({ status: 'running', rollout: { share: 10_000 } });
  });

  it('draws a watched release over itself as it moves, on a screen', async () => {
    const id = await aSlowRelease();
    const screen = aScreen();
    const watching = runCommand(['watch', id, '--url', server.url, '--token', server.adminToken], screen.terminal);
    await screen.shows(/running.*\n.*WATCHING/u);
    expect((await run(`pause ${id} --reason lunch`)).exitCode).toBe(0);
    await screen.shows(/holding.*\n.*lunch\. \[PAUSED\]/u);
    expect(await run(`release wait ${id} --timeout 1s`)).toMatchObject({
      exitCode: 6,
      out: expect.stringContaining('PAUSED: Paused by author: lunch'),
    });
    expect((await run(`resume ${id}`)).exitCode).toBe(0);
    expect((await run(`promote ${id} --next`)).exitCode).toBe(0);
    expect(await watching).toBe(0);
    expect(screen.text()).toMatch(/\u001b\[\d+A\u001b\[J/u);
    expect(screen.text().split('\u001b[J').at(-1)).toMatch(/● released[^]*✓ 10 % {2}✓ 100 %[^]*\nReleased\. /u);
  });

  it('fetches a bundle that is judged the same again, and another once it was touched', async () => {
    const id = await aSlowRelease();
    await run(`rollback ${id} --reason test`);
    const file = path('bundle.json');
    expect(await run(`verdict ${id} -o ${file}`)).toMatchObject({ exitCode: 0 });
    const same = await spawnSluice(['verify', file, '--json'], {});
    expect([same.exitCode, JSON.parse(same.out)]).toMatchObject([0, { isSame: true, releaseId: id }]);
    const bundle = JSON.parse(await readFile(file, 'utf8')) as { verdicts: { state: string }[] };
    const touched = bundle.verdicts.map((verdict) => ({ ...verdict, state: 'fail' }));
    await writeFile(file, JSON.stringify({ ...bundle, verdicts: touched }));
    expect(touched.length).toBeGreaterThan(0);
    expect(await runSluice(['verify', file], {})).toMatchObject({
      exitCode: 3,
      out: expect.stringContaining('recorded fail'),
    });
    await writeFile(file, '{"schema":"sluice.verdict-bundle/1"}');
    expect(await runSluice(['verify', file], {})).toMatchObject({ exitCode: 2 });
  });

  it('manages flags, segments, policies, tokens and the audit log', async () => {
    const documents = async (words: string) => JSON.parse((await run(`${words} --json`)).out) as unknown;
    const variations = '--variation small=10 --variation large=100';
    expect(
      await documents(`flag create page-size --type number ${variations} --due 2027-01-31 --tag ui`),
    ).toMatchObject({
      dueAt: '2027-01-31T00:00:00.000Z',
      variations: [{ value: 10 }, { value: 100 }],
    });
    expect(await documents('flag set page-size production small=75 large=25%')).toMatchObject({
      defaultServe: { split: { shares: [{ share: 75_000 }, { share: 25_000 }] } },
    });
    expect(await documents('flag on page-size production')).toMatchObject({ on: true });
    expect((await run('flag list --tag ui')).out).toMatch(/page-size +number +production +2027-01-31/u);
    expect((await run('flag list -e production --on true --stage new --sort due')).out).toContain('page-size');
    expect((await run('flag list -e production --on false')).out).not.toContain('page-size');
    expect((await run('flag list --overdue')).out).not.toContain('page-size');
    expect(await documents('flag off page-size production')).toMatchObject({ on: false });
    expect(await run('flag set page-size production small=75 large=5')).toMatchObject({ exitCode: 2 });

    await writeFile(path('segment.yaml'), 'key: staff\nincluded: [ann, bob]\n');
    expect(await documents(`segment create -f ${path('segment.yaml')}`)).toMatchObject({ included: ['ann', 'bob'] });
    await writeFile(path('edit.yaml'), 'included: [cem]\n');
    expect(await documents(`segment edit staff -f ${path('edit.yaml')}`)).toMatchObject({
      included: ['cem'],
      version: 2,
    });
    expect((await run('segment list')).out).toMatch(/staff +staff +1 +0 +0/u);
    expect(await run('segment delete staff')).toMatchObject({ exitCode: 0, out: 'Deleted staff.\n' });
    expect(await run('segment get staff')).toMatchObject({ exitCode: 2 });

    expect(await documents('policy presets')).toMatchObject({
      items: expect.arrayContaining([{ key: 'standard' }].map(expect.objectContaining)),
    });
    await writeFile(path('policy.yaml'), 'name: Quite plain\n');
    expect(await documents(`policy edit plain -f ${path('policy.yaml')}`)).toMatchObject({ version: 2 });
    expect((await run('policy list')).out).toMatch(/plain +2 +Quite plain/u);
    expect(await documents('policy get plain')).toMatchObject({ name: 'Quite plain' });
    const planned = await run('policy plan standard -e production --units-per-minute 200 --bad-rate 0.01');
    expect([planned.exitCode, planned.out]).toMatchObject([
      0,
      expect.stringMatching(/1 +1 % +.*failures[^]*WHOLE RAMP/u),
    ]);
    expect(await run('policy plan standard -e production')).toMatchObject({ exitCode: 6 });

    const { id, secret } = (await documents('token create --kind ci --name mine')) as { id: string; secret: string };
    expect((await run('token list')).out).toContain(id);
    const renewed = await run(`token rotate ${id} --overlap 0s`);
    expect(renewed).toMatchObject({ exitCode: 0, err: expect.stringContaining(`takes the place of ${id}`) });
    expect(renewed.out.trim()).toMatch(/^slu_ci_\S+$/u);
    expect(await run('flag list', { SLUICE_TOKEN: renewed.out.trim() })).toMatchObject({ exitCode: 0 });
    expect(await run(`token revoke ${id}`)).toMatchObject({ exitCode: 0 });
    expect(await run('flag list', { SLUICE_TOKEN: secret })).toMatchObject({ exitCode: 8 });

    expect((await run('audit list --limit 1')).out).toMatch(/token\.revoked[^]*More: --after \S+/u);
    expect(await documents('audit verify')).toMatchObject({ isIntact: true });
  });

  it('asks which project when there are several', async () => {
    await server.api('POST', '/api/v1/projects', { key: 'other', name: 'Other' });
    expect(await run('flag list')).toMatchObject({ exitCode: 2, err: expect.stringContaining('other, shop') });
    expect(await run('flag list', { SLUICE_PROJECT: 'shop' })).toMatchObject({ exitCode: 0 });
    expect(await run('flag list --project shop')).toMatchObject({ exitCode: 0 });
  });
});
