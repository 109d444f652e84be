/**
 * The story, with real programs: a server on its embedded default, two instances of the shop, and visitors. Through
 * the public API a flag is created, ramped from 0 to 100 % and killed, while visitors say what they really get.
 * `--exit` ends by itself: with 0 when every claim of the story came true, else with 1.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ControlPlane } from './control-plane.js';
import { type Act, type Claim, claimsOf } from './judge.js';
import { Load } from './load.js';
import { observeChange } from './observe.js';
import { printClaim, printLine, printShare, printTitle } from './print.js';
import { type RunningProgram, startProgram, stopProgram } from './processes.js';

const SERVER = fileURLToPath(import.meta.resolve('@sluice/server/main'));
const SHOP = fileURLToPath(new URL('shop.js', import.meta.url));
const INSTANCES = ['shop-a', 'shop-b'];
const USERS = Array.from({ length: 1_000 }, (_, index) => `user-${index + 1}`);
const VISITORS = 12;
const FLAG = '/projects/shop/flags/new-cart';
const SETTINGS = `${FLAG}/environments/production`;

const programs: RunningProgram[] = [];
const dataDir = await mkdtemp(join(tmpdir(), 'sluice-demo-'));
const shouldExit = process.argv.includes('--exit');
process.once('SIGINT', () => void tearDown().then(() => process.exit(130)));

try {
  const isTrue = await tellStory();
  if (!shouldExit) await stayUp();
  process.exitCode = isTrue ? 0 : 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await tearDown();
}

async function tellStory(): Promise<boolean> {
  printTitle('1. A control plane and two instances of a shop');
  const adminToken = `slu_admin_${randomBytes(32).toString('base64url')}`;
  const server = await start(SERVER, {
    SLUICE_HTTP_PORT: '0',
    SLUICE_DATA_DIR: dataDir,
    SLUICE_ADMIN_TOKEN: adminToken,
    SLUICE_LOG_LEVEL: 'warn',
    DATABASE_URL: '',
    REDIS_URL: '',
  });
  const api = new ControlPlane(server.url, adminToken);
  printLine(`Sluice  ${server.url}  (docs: ${server.url}/api/docs)`);
  await api.post('/projects', { key: 'shop' });
  const { secret } = await api.post<{ secret: string }>('/tokens', {
    kind: 'server',
    name: 'shop',
    project: 'shop',
    environment: 'production',
  });
  const shops: string[] = [];
  for (const instance of INSTANCES) {
    const shop = await start(SHOP, { SHOP_INSTANCE: instance, SLUICE_URL: server.url, SLUICE_TOKEN: secret });
    printLine(`${instance}  ${shop.url}/cart?user=ada`);
    shops.push(shop.url);
  }

  const load = new Load(shops, USERS, VISITORS);
  try {
    const isRampTrue = await ramp(api, load);
    return (await closeBooks(api, load)) && isRampTrue;
  } finally {
    await load.stop();
  }
}

async function ramp(api: ControlPlane, load: Load): Promise<boolean> {
  printTitle(`2. A flag is created and ramped, while ${USERS.length} users visit`);
  await api.post('/projects/shop/flags', { key: 'new-cart', type: 'boolean', name: 'New cart', owner: 'team-cart' });
  const share = (percent: number): object => ({
    on: true,
    defaultServe: {
      split: {
        shares: [
          { variation: 'on', share: percent * 1_000 },
          { variation: 'off', share: 100_000 - percent * 1_000 },
        ],
      },
    },
  });
  const acts: readonly (readonly [name: string, askedPercent: number, edit: object])[] = [
    ['0 %: deployed, not released', 0, share(0)],
    ['10 %', 10, share(10)],
    ['50 %', 50, share(50)],
    ['100 %: released', 100, share(100)],
    ['The kill switch', 0, { on: false }],
  ];
  let before: Act | undefined;
  let isTrue = true;
  for (const [name, askedPercent, edit] of acts) {
    printTitle(`   ${name}`);
    const observation = await observeChange(load, { instances: INSTANCES, users: USERS.length }, async () => {
      await api.patch(SETTINGS, edit);
      return (await api.get<{ revision: number }>('/projects/shop/environments/production')).revision;
    });
    const act: Act = { name, askedPercent, observation };
    printShare(observation.newUsers.size, observation.allUsers.size);
    const reach = INSTANCES.map((instance) => `${instance} ${observation.reachMs.get(instance)?.toFixed(0) ?? '–'} ms`);
    printLine(`from the API call to the first user served: ${reach.join(', ')}`);
    isTrue = report(claimsOf(act, before)) && isTrue;
    before = act;
  }
  return isTrue;
}

async function closeBooks(api: ControlPlane, load: Load): Promise<boolean> {
  printTitle('3. What the control plane knows of it');
  const reach = await reachOf(api);
  const usage = await api.get<{ items: readonly { environment: string; lastEvaluatedAt: string | null }[] }>(
    `${FLAG}/usage`,
  );
  const audit = await api.get<{ isIntact: boolean; entries: number }>('/audit/verify');
  const lastEvaluatedAt = usage.items.find(({ environment }) => environment === 'production')?.lastEvaluatedAt;
  printLine(`revision ${reach.environmentRevision}, served by ${reach.current} of ${reach.instances} SDK instances`);
  printLine(`new-cart was last evaluated at ${lastEvaluatedAt ?? '–'}`);
  return report([
    { sentence: `all SDK instances confirm the newest revision`, isTrue: reach.current === INSTANCES.length },
    { sentence: `evaluations were counted`, isTrue: typeof lastEvaluatedAt === 'string' },
    { sentence: `the audit chain of ${audit.entries} entries is whole`, isTrue: audit.isIntact },
    { sentence: `none of ${load.requests} requests failed (${load.failures} did)`, isTrue: load.failures === 0 },
  ]);
}

interface Reach {
  readonly environmentRevision: number;
  readonly instances: number;
  readonly current: number;
}

/** Asks until every instance has confirmed the newest revision, for at most ten seconds: they report every second. */
async function reachOf(api: ControlPlane): Promise<Reach> {
  const deadlineMs = performance.now() + 10_000;
  for (;;) {
    const { summary } = await api.get<{ summary: Reach }>('/projects/shop/environments/production/instances');
    if (summary.current === INSTANCES.length || performance.now() > deadlineMs) return summary;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function report(claims: readonly Claim[]): boolean {
  claims.forEach(printClaim);
  return claims.every(({ isTrue }) => isTrue);
}

async function start(script: string, environment: Readonly<Record<string, string>>): Promise<RunningProgram> {
  const program = await startProgram(script, environment);
  programs.push(program);
  return program;
}

async function stayUp(): Promise<void> {
  printTitle('Everything stays up: visit the addresses above. Ctrl-C ends it.');
  await new Promise(() => setInterval(() => undefined, 60_000));
}

async function tearDown(): Promise<void> {
  await Promise.all(programs.map(stopProgram));
  await rm(dataDir, { recursive: true, force: true });
}
