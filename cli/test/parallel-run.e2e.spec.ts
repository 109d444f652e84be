import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Price, PricingShop, samePrice, truncatingPrice } from '../../server/test/clients/pricing-shop.js';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { readXml } from './read-xml.js';
import { runSluice } from './run-sluice.js';
import { type Ended, spawnSluice } from './spawn-sluice.js';

let server: TestServer;
let folder: string;
let env: Record<string, string>;
let serviceToken: string;
let shop: PricingShop | undefined;
let runs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-cli-runs-'));
  server = await startTestServer({ SLUICE_TICK_SECONDS: '0.2' });
  env = { SLUICE_URL: server.url, SLUICE_TOKEN: server.adminToken };
  await server.api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'production' }] });
  serviceToken = (await run('token create --kind server --name shop -e production')).out.trim();
  const policy = {
    key: 'brisk',
    name: 'Brisk',
    parameters: [{ name: 'first', default: 10_000 }],
    document: {
      steps: [
        { share: 0, sampling: { parameter: 'first' } },
        { share: 0, sampling: 100_000, gates: [{ kind: 'certificate' }] },
        { share: 100_000 },
      ],
    },
  };
  await writeFile(path('policy.json'), JSON.stringify(policy));
  expect(await run(`policy create -f ${path('policy.json')}`)).toMatchObject({ exitCode: 0 });
});
afterEach(async () => {
  await shop?.close();
  shop = undefined;
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (words: string, more: Record<string, string> = {}): Promise<Ended> =>
  runSluice(words.split(' '), { ...env, ...more });
const path = (name: string): string => join(folder, name);
const jsonOf = ({ out }: Ended): unknown => JSON.parse(out);

/** A run that is certified after 87 equal inputs. */
async function aRun(): Promise<string> {
  const key = `price-${(runs += 1)}`;
  expect(await run(`parallel-run create ${key} --owner checkout --due 2027-03-01`)).toMatchObject({
    exitCode: 0,
    out: `Created ${key}, off in every environment.\n`,
  });
  const demand = '--tolerance 5% --unanswered-tolerance 5% --latency-margin none';
  // A busy machine is no reason to shed calls here.
  const budget = '--added-time 1m --loop-delay 1m';
  expect(await run(`parallel-run settings ${key} production ${demand} ${budget}`)).toMatchObject({ exitCode: 0 });
  return key;
}

async function open(key: string, candidate: Price): Promise<void> {
  shop = await PricingShop.open({ url: server.url, token: serviceToken }, key, candidate);
}

describe('a candidate that is equivalent', () => {
  it('is certified by start --wait, shown, and a gate for pipelines', async () => {
    const key = await aRun();
    const at = `${key} production`;
    expect(await run(`parallel-run certificate ${at}`)).toMatchObject({
      exitCode: 4,
      out: expect.stringContaining('nothing was compared'),
    });
    expect(await run(`parallel-run show ${at}`)).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining(`Sample it: sluice parallel-run start ${key} production --wait`),
    });

    await open(key, samePrice);
    const words = `parallel-run start ${at} --policy brisk --set first=20000 --wait --junit ${path('certified.xml')}`;
    // The gate of a pipeline, as one runs it.
    const { exitCode, out } = await spawnSluice(words.split(' '), env);
    expect([exitCode, out]).toMatchObject([
      0,
      expect.stringMatching(/step 1 of 3: 20 % sampled[^]*\nReleased[^\n]*\n$/u),
    ]);
    expect(readXml(await readFile(path('certified.xml'), 'utf8'))).toMatchObject({ attributes: { failures: '0' } });

    const ci = (await run('token create --kind ci --name pipeline')).out.trim();
    const gate = await run(`parallel-run certificate ${at} --json`, { SLUICE_TOKEN: ci });
    expect([gate.exitCode, jsonOf(gate)]).toMatchObject([
      0,
      { exitCode: 0, finding: 'certified', certificate: { run: key, candidateVersion: 'v7', controlVersion: 'v6' } },
    ]);
    const shown = await run(`parallel-run show ${at}`);
    expect(shown.out).toMatch(/^● certified {2}candidate: v6 → v7 {2}certificate of 20/mu);
    expect(shown.out).toMatch(/equal +\[#{20}\] 100 % of the limit/u);
    expect(shown.out).toMatch(/^ {2}even +0 of /mu);
    expect((await run('parallel-run list')).out).toMatch(
      new RegExp(
        `^${key} +production +\\d+ % +candidate +v6 → v7 +certified +0 of [\\d,]+ +checkout +2027-03-01$`,
        'mu',
      ),
    );
    expect(await run(`parallel-run signatures ${at}`)).toMatchObject({
      out: 'No differences were found in this epoch.\n',
    });
  });
});

describe('a candidate that is not', () => {
  it('is refuted, its differences shown and priced, and a rule that hides them is told for what it is', async () => {
    const key = await aRun();
    const at = `${key} production`;
    await open(key, truncatingPrice);
    const refuted = await run(`parallel-run start ${at} --policy brisk --wait`);
    expect([refuted.exitCode, refuted.out]).toMatchObject([3, expect.stringContaining('came out unequal')]);
    expect(await run(`parallel-run certificate ${at}`)).toMatchObject({
      exitCode: 3,
      out: expect.stringContaining('came out unequal'),
    });
    const signatures = await run(`parallel-run signatures ${at}`);
    expect(signatures.out).toMatch(/^ {2}1\. \$ {2}value: /mu);
    // Digests alone leave the service.
    expect(signatures.out).toMatch(/^ +\$ {2}#[0-9a-f]{16} → #[0-9a-f]{16}$/mu);
    expect((await run(`parallel-run show ${at}`)).out).toMatch(/^● refuted[^]*unequal +\[#{20}\][^]*differences/mu);

    const rule = `${at} tolerance $ --absolute 1`;
    const priced = await run(`parallel-run rules price ${rule} --json`);
    const { hidden, mismatches } = jsonOf(priced) as { hidden: number; mismatches: number }; // By contract.
    expect([hidden > 0, hidden]).toEqual([true, mismatches]);
    const owned = '--owner checkout --reason rounding --expires 2099-01-31';
    const dry = await run(`parallel-run rules add ${rule} ${owned} --dry-run`);
    expect(dry.out).toMatch(
      /^tolerance at \$: 1: it would hide [\d,]+ of [\d,]+ mismatches \(100 %\)\.\n[^]*Nothing was added/u,
    );
    expect((await run(`parallel-run rules list ${at}`)).out).toBe(`${key} has no rules in production.\n`);
    expect(await run(`parallel-run rules add ${rule} --owner checkout`)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('--reason'),
    });

    const added = await run(`parallel-run rules add ${rule} ${owned}`);
    expect([added.exitCode, added.out]).toMatchObject([
      0,
      expect.stringMatching(/it would hide[^]*Added rule (\S+)\. Epoch 2 begins: evidence starts anew\.\n$/u),
    ]);
    expect(await run(`parallel-run certificate ${at}`)).toMatchObject({ exitCode: 4 });
    expect(await run(`parallel-run start ${at} --policy brisk --wait`)).toMatchObject({ exitCode: 0 });
    const listed = await run(`parallel-run rules list ${at}`);
    expect(listed.out).toMatch(/tolerance at \$: 1 +checkout +2099-01-31 +rounding\nIn this epoch [1-9][\d,]* calls/u);
    const id = /Added rule (\S+)\./u.exec(added.out)?.[1] ?? '';
    // Without the rule it would be refuted anew, and stopped by the server between two looks of the command.
    expect(await run(`parallel-run stop ${at} --reason enough`)).toMatchObject({ exitCode: 0 });
    expect(await run(`parallel-run rules remove ${at} ${id}`)).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('Epoch 3 begins'),
    });
    expect(await run(`parallel-run rules remove ${at} ${id}`)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('has no rule'),
    });
  });
});

describe('a run that nobody calls', () => {
  it('is not known in time, is found again, and sampled by nobody else until it is stopped', async () => {
    const key = await aRun();
    const at = `${key} production`;
    const waited = await run(`parallel-run start ${at} --policy brisk --wait --timeout 3s`);
    expect([waited.exitCode, waited.out]).toMatchObject([4, expect.stringContaining('Not over when the time was up')]);
    const again = await run(`parallel-run start ${at} --policy brisk --json`);
    expect(jsonOf(again)).toMatchObject({ policyKey: 'brisk', changes: [{ kind: 'parallelRun', run: key }] });
    expect(await run(`parallel-run share ${at} 5%`)).toMatchObject({ exitCode: 6 });

    const stopped = await run(`parallel-run stop ${at} --reason enough`);
    expect([stopped.exitCode, stopped.out]).toEqual([0, `${key} is not sampled in production any more.\n`]);
    const { id } = jsonOf(again) as { id: string }; // By contract a release.
    expect(jsonOf(await run(`release get ${id} --json`))).toMatchObject({ status: 'aborted' });
    expect(await run(`parallel-run share ${at} 0.5%`)).toMatchObject({
      exitCode: 0,
      out: `0.5 % of the calls of ${key} are sampled in production.\n`,
    });
    expect(await run(`parallel-run reset ${at} --reason replayed`)).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('Epoch 2'),
    });
  });
});

describe('settings', () => {
  it('are edited by what is said, shown, and refused by the server’s own words', async () => {
    const key = await aRun();
    const at = `${key} production`;
    const flag = (await run('flag create new-pricing')).exitCode;
    expect(flag).toBe(0);
    const words = '--stratum JPY=200 --stratum EUR=50 --serve new-pricing:on --deadline 500ms --added-time 3ms';
    const edited = await run(`parallel-run settings ${at} ${words} --raw-path $.currency`);
    expect([edited.exitCode, edited.out]).toEqual([
      0,
      `${key} is set in production.\nEpoch 2 begins: evidence starts anew.\n`,
    ]);
    const shown = await run(`parallel-run settings ${at}`);
    expect(shown.out).toMatch(/^--tolerance +5 %$[^]*^--stratum +JPY=200, EUR=50$[^]*^--added-time +3 ms$/mu);
    await writeFile(path('settings.yaml'), 'runner: { serve: null, rawPaths: [] }\n');
    const unset = await run(`parallel-run settings ${at} -f ${path('settings.yaml')} --json`);
    expect(jsonOf(unset)).toMatchObject({
      epoch: 2,
      demand: { tolerance: 0.05, strata: [{ stratum: 'JPY' }, { stratum: 'EUR' }] },
      runner: { serve: null, rawPaths: [], deadlineMs: 500, budget: { addedMs: 3, loopDelayMs: 60_000 } },
    });
    const refused = await run(`parallel-run settings ${at} --tolerance 60% --raw-path currency`);
    expect([refused.exitCode, refused.err]).toMatchObject([2, expect.stringContaining('/demand/tolerance')]);
    expect(await run(`parallel-run settings ${at} --tolerance 0.1`)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('with its sign'),
    });
    expect(await run('parallel-run show nobody production')).toMatchObject({ exitCode: 2 });
    expect(await run('parallel-run certificate nobody production')).toMatchObject({ exitCode: 2 });
  });
});

describe('a release file', () => {
  it('has parallel runs, and flags that are due once they are released', async () => {
    const key = await aRun();
    await run('flag create checkout-pricing');
    const flag = '{ kind: flag, flag: checkout-pricing, ramp: { variation: on }, retireAfterDays: 14 }';
    const changes = `changes:\n  - { kind: parallelRun, run: ${key} }\n  - ${flag}\n`;
    await writeFile(path('release.yaml'), `environment: production\npolicy: proven\n${changes}`);
    const made = await run(`release create -f ${path('release.yaml')} --no-start --json`);
    const expected = [
      { kind: 'parallelRun', run: key },
      { kind: 'flag', retireAfterDays: 14 },
    ];
    expect(jsonOf(made)).toMatchObject({ status: 'draft', changes: expected });
    const said = `--parallel-run ${key} --flag checkout-pricing=on --retire-after-days 14 --policy proven`;
    const typed = await run(`release create -e production ${said} --name typed --no-start --json`);
    expect(jsonOf(typed)).toMatchObject({ changes: expected });
  });

  it('is planned with what is sampled at each step', async () => {
    const { exitCode, out } = await run('policy plan proven -e production --units-per-minute 100 --bad-rate 0.01');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^STEP +SHARE +SAMPLED +LASTS/mu);
    expect(out).toMatch(/^4 +0 % +50 % /mu);
    expect(out).toMatch(/^5 +1 % +50 % /mu);
  });
});
