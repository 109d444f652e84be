import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { browserAt } from '../../server/test/clients/browser.js';
import { answer, verify, WebhookReceiver } from '../../server/test/clients/webhook-receiver.js';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { replyJson, startMetricHost } from '../../server/test/fakes/metric-host.js';
import { aPerson } from './a-resource.js';
import { runSluice } from './run-sluice.js';
import type { Ended } from './spawn-sluice.js';
import { startStubServer } from './stub-server.js';

const PASSWORD = 'a long enough password';

let server: TestServer;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-cli-resources-'));
  server = await startTestServer({ SLUICE_TICK_SECONDS: '0.2' });
  env = { SLUICE_URL: server.url, SLUICE_TOKEN: server.adminToken, SLUICE_PROJECT: 'shop' };
  await server.api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'production' }] });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a command line; words with spaces stand in double quotes. */
const run = (line: string, more: Record<string, string> = {}): Promise<Ended> => {
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/gu)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  return runSluice(words, { ...env, ...more });
};
/** What a command that must succeed says, as lines or as the document of --json. */
async function linesOf(line: string): Promise<string> {
  const ended = await run(line);
  expect(ended).toMatchObject({ exitCode: 0 });
  return ended.out;
}
async function documentOf<Shape>(line: string): Promise<Shape> {
  // By contract.
  return JSON.parse(await linesOf(`${line} --json`)) as Shape;
}
const refusal = (exitCode: number, said: string) => ({ exitCode, err: expect.stringContaining(said) });

async function file(name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

/** Asks again until the answer has it; the test's own limit ends what never comes. */
async function until(line: string, words: RegExp): Promise<string> {
  for (;;) {
    const said = await linesOf(line);
    if (words.test(said)) return said;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it('writes the flags of an environment for flagd, and tells which are left out', async () => {
  await linesOf('project create port --name Port');
  await linesOf('flag create plain --project port');
  await linesOf('flag create odd --project port');
  const rules =
    'on: true\nrules: [{ serve: { variation: on }, clauses: [{ attribute: a, operator: matches, values: [x] }] }]\n';
  await linesOf(`flag set odd production -f ${await file('odd.yaml', rules)} --project port`);
  const { exitCode, out, err } = await run('flag export production --project port');
  expect([exitCode, err]).toEqual([0, 'odd is left out (rules[0].clauses[0]): flagd has no regular expressions.\n']);
  expect(JSON.parse(out)).toMatchObject({
    flags: { plain: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' } },
    metadata: { flagSetId: 'port/production', uncarried: 'odd' },
  });
});

it('makes projects and environments, shows and renames them', async () => {
  expect(await linesOf('project create blog --name Blog')).toBe('Created blog with development and production.\n');
  const places = 'key: mill\nenvironments: [{ key: live, production: true }]\n';
  expect(await linesOf(`project create -f ${await file('mill.yaml', places)}`)).toBe('Created mill with live.\n');
  expect(await linesOf('project edit blog --name "The blog"')).toBe('blog is named The blog.\n');
  expect(await linesOf('project list')).toMatch(/^blog +The blog +20\d\d-[^]*^mill +mill +[^]*^shop +shop +/mu);

  expect(await linesOf('environment create staging --name Stage --project blog')).toMatch(/^Created staging;/u);
  expect(await run('environment create staging --project blog')).toMatchObject(refusal(6, 'staging'));
  expect(await linesOf('project show blog')).toMatch(/^name +The blog$[^]*^staging +Stage +not production +\d/mu);
  expect(await documentOf('environment edit staging --production --project blog')).toMatchObject({
    name: 'Stage',
    production: true,
    version: 2,
  });
  expect(await linesOf('environment show staging --project blog')).toMatch(/^kind +production$/mu);
  expect(await linesOf('environment edit staging --no-production --name Test --project blog')).toBe(
    'Edited staging.\n',
  );
  expect(await linesOf('environment list --project blog')).toMatch(/^staging +Test +not production +\d/mu);
  expect(await run('environment edit staging --project blog')).toMatchObject(refusal(2, 'Say what to change.'));
  const audited = await linesOf('audit list --project blog');
  expect(audited).toMatch(/environment\.created/u);
  expect(audited).not.toContain('mill');
  expect(await run('environment get nowhere')).toMatchObject(refusal(2, 'nowhere'));
});

describe('people', () => {
  it('are invited by a link that is told once, given roles, and lose them', async () => {
    const invited = await run('person invite Ann@shop.example --name "Ann Lee" --role editor');
    expect(invited).toMatchObject({
      exitCode: 0,
      err: expect.stringContaining('ann@shop.example is invited, roles: editor in shop.'),
    });
    const [, secret] = /^(?:http:\S+)\/invitation#(\S+)\n$/u.exec(invited.out) ?? [];
    expect(invited.err).not.toContain(secret);
    const chosen = await browserAt(server.url).api('POST', '/api/v1/session/invitation', {
      secret,
      password: PASSWORD,
    });
    expect(chosen.status).toBe(201);
    expect(await linesOf('person list --project shop')).toMatch(
      /^ann@shop\.example +Ann Lee +active +editor in shop$/mu,
    );

    expect(await linesOf('person grant ann@shop.example approver -e production')).toBe(
      'ann@shop.example is approver in shop/production.\n',
    );
    const { id } = await documentOf<{ id: string }>('person grant ann@shop.example viewer --everywhere');
    expect(await linesOf(`person show ${id}`)).toMatch(/^roles +.*approver in shop\/production.*viewer everywhere/mu);
    expect(await linesOf('person revoke ann@shop.example editor')).toBe(
      'ann@shop.example is no longer editor in shop.\n',
    );
    const again = await run('person revoke ANN@shop.example editor');
    expect(again).toMatchObject(refusal(2, 'was not made editor in shop.'));
    expect(again.err).toContain('Their roles: approver in shop/production, viewer everywhere.');
  });

  it('are shut out, let in again, and given another password', async () => {
    await run('person invite bob@shop.example --name Bob');
    const { secret } = await documentOf<{ secret: string }>('person reset bob@shop.example');
    const signIn = () =>
      browserAt(server.url).api('POST', '/api/v1/session', { email: 'bob@shop.example', password: PASSWORD });
    const choice = { secret, password: PASSWORD };
    expect((await browserAt(server.url).api('POST', '/api/v1/session/invitation', choice)).status).toBe(201);
    expect(await linesOf('person disable bob@shop.example')).toBe('bob@shop.example is disabled.\n');
    expect((await signIn()).status).toBe(401);
    expect(await linesOf('person enable bob@shop.example')).toBe('bob@shop.example is active.\n');
    expect((await signIn()).status).toBe(201);
    expect(await documentOf('person reset bob@shop.example')).toMatchObject({
      status: 'invited',
      link: expect.stringMatching(/\/invitation#slu_invite_/u),
    });
    expect((await signIn()).status).toBe(401);
  });

  it('are not made of what contradicts itself, nor by tokens of pipelines', async () => {
    expect(await run('person grant x@y.example owner')).toMatchObject(refusal(2, 'viewer, editor, approver, admin'));
    expect(await run('person grant x@y.example viewer')).toMatchObject(refusal(2, 'x@y.example'));
    expect(await run('person show x@y.example')).toMatchObject(refusal(2, 'Invite them first'));
    expect(await run('person invite x@y.example --name X --everywhere')).toMatchObject(refusal(2, '--role'));
    expect(await run('person grant x@y.example viewer --everywhere -e live')).toMatchObject(
      refusal(2, 'cannot be used'),
    );
    expect(await run('person grant x@y.example viewer --everywhere --project shop')).toMatchObject(
      refusal(2, 'not both'),
    );
    const { out } = await run('token create --kind ci --name pipeline');
    expect(await run('person list', { SLUICE_TOKEN: out.trim() })).toMatchObject({ exitCode: 8 });
  });
});

describe('webhooks', () => {
  let receiver: WebhookReceiver;
  beforeAll(async () => void (receiver = await WebhookReceiver.listen()));
  afterAll(() => receiver.close());

  it('are made with a secret that is told once, tested, edited and deleted', async () => {
    const made = await run(`webhook create ${receiver.url('/hook')} --type "dev.sluice.release.*"`);
    expect(made).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^whsec_\S+\n$/u) });
    const [, id = ''] = /^Webhook (\S+) was made\. /u.exec(made.err) ?? [];
    expect(await linesOf('webhook list')).toMatch(
      new RegExp(`^${id} +http\\S+/hook +dev.sluice.release.\\* +on$`, 'mu'),
    );

    expect(await linesOf(`webhook test ${id}`)).toBe('The receiver took the test: it answered 204.\n');
    const [first] = receiver.at('/hook');
    if (first === undefined) throw new Error('Nothing arrived.');
    expect(verify(first, made.out.trim())).toMatchObject({ specversion: '1.0' });
    receiver.play('/hook', answer(500));
    expect(await run(`webhook test ${id}`)).toMatchObject({
      exitCode: 6,
      out: expect.stringContaining('answered 500'),
    });
    const gone = await startStubServer(() => undefined);
    await gone.close();
    expect(await linesOf(`webhook edit ${id} --to ${gone.url} --type none`)).toBe(`Edited ${id}, which is on.\n`);
    expect(await run(`webhook test ${id}`)).toMatchObject({
      exitCode: 5,
      out: expect.stringContaining('did not answer the test'),
    });

    const rotated = await documentOf<{ secret: string }>(`webhook rotate ${id}`);
    expect([rotated.secret.startsWith('whsec_'), rotated.secret === made.out.trim()]).toEqual([true, false]);
    expect(await linesOf(`webhook show ${id}`)).toMatch(/^told of +all events$[^]*^old secret +signs until 20/mu);
    expect(await linesOf(`webhook edit ${id} --off`)).toBe(`Edited ${id}, which is off.\n`);
    expect(await documentOf(`webhook delete ${id}`)).toEqual({ deleted: id });
    expect(await run(`webhook show ${id}`)).toMatchObject({ exitCode: 2 });
  });

  it('have deliveries, each of which can be sent once more', async () => {
    const { id, secret } = await documentOf<{ id: string; secret: string }>(
      `webhook create ${receiver.url('/told')} --description "The chat"`,
    );
    await linesOf(`deploy checkout v1 production --digest sha256:${'a'.repeat(64)}`);
    const told = await until(`webhook deliveries ${id}`, /delivered/u);
    const [, sequence = '', type = ''] = /^(\d+) +(dev\.\S+) .* delivered +1 +204 +20/mu.exec(told) ?? [];
    expect(await linesOf(`webhook redeliver ${id} ${sequence}`)).toBe(`Event ${sequence} is sent again.\n`);
    await until(`webhook deliveries ${id}`, new RegExp(`^${sequence} .* delivered +2 +204`, 'mu'));
    const [once, more] = receiver.at('/told').map((each) => verify(each, secret));
    expect([once?.type, more]).toEqual([type, once]);
  });
});

describe('guardrails', () => {
  it('are made of a file, shown as they stand, acknowledged, edited and deleted', async () => {
    const shop = await startMetricHost(replyJson({ perMinute: 3 }));
    const query = `{ kind: json, url: '${shop.url}/orders', path: $.perMinute }`;
    const statement = `{ kind: query, query: ${query}, atLeast: 30 }`;
    const limits = 'intervalSeconds: 1\nfailureLimit: 1\nonBroken: { hold: { covers: all } }\n';
    const draft = await file('orders.yaml', `key: orders\nenvironment: production\nstatement: ${statement}\n${limits}`);
    try {
      expect(await linesOf(`guardrail create -f ${draft}`)).toMatch(/^Created orders in production;/u);
      const broken = await until('guardrail show orders production', /^● broken/u);
      expect(broken).toContain('Releases that it covers wait.');
      expect(await linesOf('guardrail list -e production')).toMatch(/^orders +production +broken +wait +json, /mu);
      expect(await run('guardrail acknowledge orders production')).toMatchObject(refusal(2, '--comment'));
      const seen = await linesOf('guardrail acknowledge orders production --comment "mail is down" --release');
      expect(seen).toMatch(/^● broken, acknowledged[^]*mail is down \(what it held goes on\)/u);
      expect(seen).not.toContain('wait.');
      shop.reply = replyJson({ perMinute: 100 });
      const edit = await file('edit.yaml', 'recoveryLimit: 1\n');
      expect(await linesOf(`guardrail edit orders production -f ${edit}`)).toBe('Edited orders in production.\n');
      await until('guardrail show orders production', /^● recovered/u);
      expect(await linesOf('guardrail delete orders production')).toBe('Deleted orders.\n');
      expect(await linesOf('guardrail list')).not.toContain('orders');
      expect(await run(`guardrail create -f ${await file('bad.yaml', 'key: bad\n')}`)).toMatchObject(
        refusal(2, '/statement'),
      );
    } finally {
      await shop.close();
    }
  });

  it('are made of the file that the help shows', async () => {
    const [, example = ''] = (await linesOf('guardrail create --help')).split('as a file:\n');
    expect(await linesOf(`guardrail create -f ${await file('example.yaml', example)}`)).toMatch(/^Created orders in /u);
    expect(await documentOf('guardrail delete orders production')).toEqual({ deleted: 'orders' });
  });
});

describe('answers that come seldom', () => {
  it('without a secret, which was lost on the way, are told with how to get another', async () => {
    const stub = await startStubServer((_asked, response) => {
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: '0197', secret: null, email: 'ann@shop.example', roles: [] }));
    });
    const away = { SLUICE_URL: stub.url };
    expect(await run('webhook create https://example.com/hook', away)).toMatchObject({
      ...refusal(5, 'sluice webhook rotate 0197'),
      out: '',
    });
    expect(await run('token create --kind ci --name ci', away)).toMatchObject(refusal(5, 'sluice token revoke 0197'));
    expect(await run('person invite ann@shop.example --name Ann', away)).toMatchObject(
      refusal(5, 'sluice person reset ann@shop.example'),
    );
    await stub.close();
  });

  it('with a caution about the account are told with it', async () => {
    const caution = 'Ada invited Ann and has seen the link.';
    const stub = await startStubServer((_asked, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(aPerson({ caution })));
    });
    expect(await run('person grant ann@shop.example approver', { SLUICE_URL: stub.url })).toEqual({
      exitCode: 0,
      out: 'ann@shop.example is approver in shop.\n',
      err: `${caution}\n`,
    });
    await stub.close();
  });

  it('of people that go on over several pages are read until the person is found', async () => {
    const [ann, bob] = [aPerson(), aPerson({ id: 'b', email: 'bob@shop.example' })];
    const answers: Readonly<Record<string, object>> = {
      '/api/v1/people?limit=200': { items: [ann], nextCursor: 'two' },
      '/api/v1/people?limit=200&after=two': { items: [bob], nextCursor: null },
      '/api/v1/people/b': bob,
    };
    const stub = await startStubServer(({ url }, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answers[url]));
    });
    expect(await run('person show bob@shop.example', { SLUICE_URL: stub.url })).toMatchObject({ exitCode: 0 });
    expect(stub.asked.map(({ url }) => url)).toEqual(Object.keys(answers));
    await stub.close();
  });
});
