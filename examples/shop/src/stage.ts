import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ControlPlane } from './control-plane.js';
import { Journal } from './journal.js';
import { Load } from './load.js';
import { printLine } from './print.js';
import { type RunningProgram, startProgram, stopProgram } from './processes.js';

const SERVER = fileURLToPath(import.meta.resolve('@sluice/server/main'));
const VERSIONS = ['v1', 'v2', 'v3', 'v4', 'v5'];
const VISITORS = 12;
const TICK_SECONDS = 0.5;

export const INSTANCES = ['shop-a', 'shop-b'];
export const USERS = Array.from({ length: 1_000 }, (_, index) => `user-${index + 1}`);

/** The programs that the story is played with. Each is a process of its own. */
export class Stage {
  private readonly programs: RunningProgram[] = [];
  private dataDir: string | undefined;
  private shopEnvironment: Readonly<Record<string, string>> = {};
  private shops: readonly RunningProgram[] = [];
  /** An administrator's. */
  api = new ControlPlane('', '');
  /** The pipeline's. */
  ci = new ControlPlane('', '');

  /** Starts a server on its embedded default, a checkout in five versions, and two instances of the shop. */
  async open(): Promise<void> {
    this.dataDir = await mkdtemp(join(tmpdir(), 'sluice-demo-'));
    const adminToken = `slu_admin_${randomBytes(32).toString('base64url')}`;
    const { url } = await this.start(SERVER, {
      SLUICE_HTTP_PORT: '0',
      SLUICE_GRPC_PORT: '0',
      SLUICE_DATA_DIR: this.dataDir,
      SLUICE_ADMIN_TOKEN: adminToken,
      SLUICE_LOG_LEVEL: 'warn',
      SLUICE_TICK_SECONDS: String(TICK_SECONDS),
      DATABASE_URL: '',
      REDIS_URL: '',
    });
    this.api = new ControlPlane(url, adminToken);
    printLine(`Sluice  ${url}  (docs: ${url}/api/docs)`);
    await this.api.post('/projects', { key: 'shop' });
    this.ci = new ControlPlane(url, await this.createToken({ kind: 'ci', name: 'pipeline', project: 'shop' }));

    const environment = 'production';
    const token = await this.createToken({ kind: 'server', name: 'shop', project: 'shop', environment });
    const checkouts = await Promise.all(
      VERSIONS.map((version) => this.play('checkout', { CHECKOUT_VERSION: version })),
    );
    const urls = Object.fromEntries(VERSIONS.map((version, index) => [version, checkouts[index]?.url]));
    this.shopEnvironment = { CHECKOUT_URLS: JSON.stringify(urls), SLUICE_URL: url, SLUICE_TOKEN: token };
    await this.deployShop('v1');
  }

  /** Starts two instances of the shop in a version, and then ends those that there were. Between two crowds of visitors. */
  async deployShop(version: string): Promise<void> {
    const before = this.shops;
    const environments = INSTANCES.map((instance) => ({ SHOP_INSTANCE: instance, SHOP_VERSION: version }));
    this.shops = await Promise.all(environments.map((each) => this.play('shop', { ...this.shopEnvironment, ...each })));
    await Promise.all(before.map(stopProgram));
    INSTANCES.forEach((instance, index) => printLine(`${instance}  ${this.shops[index]?.url ?? ''}/cart?user=ada`));
  }

  /** Starts a program of this folder. */
  play(name: 'checkout' | 'payments' | 'shop', environment: Readonly<Record<string, string>>): Promise<RunningProgram> {
    return this.start(fileURLToPath(new URL(`${name}.js`, import.meta.url)), environment);
  }

  /** Lets everybody visit a page while something is done. */
  async withVisitors<T>(page: '/cart' | '/checkout', act: (load: Load) => Promise<T>): Promise<T> {
    const urls = this.shops.map(({ url }) => url);
    const load = new Load(page, urls, USERS, VISITORS);
    try {
      return await act(load);
    } finally {
      await load.stop();
    }
  }

  /** Writes down every visit while something is done. */
  async withJournal<T>(load: Load, act: (journal: Journal) => Promise<T>): Promise<T> {
    const journal = new Journal(load, { instances: INSTANCES, users: USERS.length });
    try {
      return await act(journal);
    } finally {
      journal.close();
    }
  }

  /** The revision that the environment is at. */
  async revision(): Promise<number> {
    return (await this.api.get<{ revision: number }>('/projects/shop/environments/production')).revision;
  }

  async close(): Promise<void> {
    await Promise.all(this.programs.map(stopProgram));
    if (this.dataDir !== undefined) await rm(this.dataDir, { recursive: true, force: true });
  }

  private async start(script: string, environment: Readonly<Record<string, string>>): Promise<RunningProgram> {
    const program = await startProgram(script, environment);
    this.programs.push(program);
    return program;
  }

  private async createToken(draft: object): Promise<string> {
    return (await this.api.post<{ secret: string }>('/tokens', draft)).secret;
  }
}
