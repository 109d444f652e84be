import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { backUpStore, restoreStore } from '../../src/backups/index.js';
import { BackupsRepository } from '../../src/backups/backups.repository.js';
import { LEFT_OUT } from '../../src/backups/left-out.js';
import type { DatabaseConfig } from '../../src/platform/config/database.js';
import { openDatabase } from '../../src/platform/prisma/open-database.js';
import type { ReleaseView } from '../../src/releases/release-view.js';
import { createDatabase } from '../contracts/databases.js';
import { IN_MEMORY } from '../contracts/in-memory.js';
import { bodyOf, ReleasesWorld } from './releases-world.js';
import { startTestServer, type TestServer } from './start-test-server.js';

// Whole stores are made and servers started, beside other suites on few cores.
jest.setTimeout(300_000);

const ADMIN = `slu_admin_${'b'.repeat(40)}`;
const GOOD = { stable: { units: 900, bad: 9 }, candidate: { units: 100, bad: 1 } };
const SHOP = '/api/v1/projects/shop';

type Kind = 'pglite' | 'postgresql';
const databaseServer = process.env['TEST_DATABASE_URL'] ?? '';
const kinds: readonly Kind[] = databaseServer === '' ? ['pglite'] : ['pglite', 'postgresql'];

/** Empty stores, thrown away in the end. */
class Stores {
  private readonly leftovers: (() => Promise<void>)[] = [];

  async empty(kind: Kind): Promise<DatabaseConfig> {
    if (kind === 'postgresql') {
      const { url, drop } = await createDatabase(databaseServer);
      this.leftovers.push(drop);
      return { url, dataDir: '' };
    }
    return { url: undefined, dataDir: await this.folder() };
  }

  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-backup-test-'));
    this.leftovers.push(() => rm(folder, { recursive: true, force: true }));
    return folder;
  }

  async throwAway(): Promise<void> {
    for (const leftover of this.leftovers) await leftover();
  }
}

const serve = ({ url, dataDir }: DatabaseConfig): Promise<TestServer> =>
  startTestServer({
    SLUICE_ADMIN_TOKEN: ADMIN,
    SLUICE_TICK_SECONDS: '0.2',
    ...(url === undefined ? { SLUICE_DATA_DIR: dataDir } : { DATABASE_URL: url }),
  });

/** Something of everything that people and services leave in a store, a release in the middle of its ramp among it. */
async function furnish(server: TestServer): Promise<{ readonly world: ReleasesWorld; readonly release: ReleaseView }> {
  const world = await ReleasesWorld.furnish(server);
  const made = async (method: string, path: string, body: object): Promise<void> => {
    const answer = await world.api(method, path, body, { 'if-match': '*' });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  };
  const rules = [{ clauses: [{ attribute: 'city', operator: 'in', values: ['Zürich “\n\\'] }] }];
  await made('POST', `${SHOP}/segments`, { key: 'locals', included: ['ann', 'bob {"a",b}'], rules });
  await made('POST', `${SHOP}/flags`, {
    key: 'limits',
    type: 'json',
    variations: [
      { key: 'none', value: { empty: null, deep: [1.5e300, -0.1, 'ü'] } },
      { key: 'some', value: {} },
    ],
  });
  await made('POST', `${SHOP}/webhooks`, { url: 'http://127.0.0.1:9/never' });
  await made('POST', `${SHOP}/parallel-runs`, { key: 'pricing', name: 'New pricing' });
  await made('PUT', `${SHOP}/environments/production/parallel-runs/pricing/share`, { share: 5_000 });
  await world.installed('checkout', 'v1', 'v2');
  await made('POST', '/api/v1/people', { email: 'ann@example.com', name: 'Ann' });
  const policy = await world.policy({
    steps: [20_000, 100_000].map((share) => ({ share, holdSeconds: 1 })),
    metrics: [{ kind: 'failures', name: 'failures' }],
  });
  const { id } = bodyOf<ReleaseView>(await world.release(await world.flag(), policy));
  // Its first step is over, and it waits for evidence.
  return { world, release: await world.until(id, ({ status }) => status === 'holding') };
}

/** All that a service gets to decide by, and its name. */
async function snapshotOf(world: ReleasesWorld): Promise<unknown> {
  const answer = await world.sdk('GET', '/sdk/v1/snapshot');
  return { status: answer.status, etag: answer.headers.get('etag'), body: bodyOf<unknown>(answer) };
}

describe.each(kinds)('A backup of a store on %s', (from) => {
  const stores = new Stores();
  let world: ReleasesWorld;
  let release: ReleaseView;
  let snapshot: unknown;
  let backup: string;
  let deliveries: unknown;

  beforeAll(async () => {
    const source = from === 'pglite' ? { url: undefined, dataDir: IN_MEMORY } : await stores.empty(from);
    const server = await serve(source);
    ({ world, release } = await furnish(server));
    const answer = await fetch(`${server.url}/api/v1/backup`, { headers: { authorization: `Bearer ${ADMIN}` } });
    expect(answer.status).toBe(200);
    const bytes = Buffer.from(await answer.arrayBuffer());
    backup = join(await stores.folder(), 'backup.ndjson.gz');
    await writeFile(backup, bytes);
    snapshot = await snapshotOf(world);
    deliveries = (await world.api('GET', `${SHOP}/webhooks`)).body;
    await server.close();
  });
  afterAll(() => stores.throwAway());

  it.each(kinds)('is restored into an empty %s, where everything goes on', async (to) => {
    const target = await stores.empty(to);
    const { end } = await restoreStore(target, backup);
    const server = await serve(target);
    try {
      expect(server.adminToken).toBe(ADMIN);
      const there = world.through(server.as);
      expect(await snapshotOf(there)).toEqual(snapshot);
      const chain = bodyOf<{ entries: number }>(await there.api('GET', '/api/v1/audit/verify'));
      expect(chain).toMatchObject({ isIntact: true });
      expect(chain.entries).toBeGreaterThanOrEqual(end.rows['audit_entry'] ?? Infinity);
      expect((await there.api('GET', `${SHOP}/webhooks`)).body).toEqual(deliveries);
      expect(await there.read(release.id)).toMatchObject({ status: 'holding', rollout: { share: 20_000 } });
      const flag = release.changes.flatMap((change) => (change.kind === 'flag' ? [change.flag] : []))[0] ?? '';
      expect((await there.report(release, `flag/${flag}`, GOOD)).status).toBe(202);
      const over = await there.until(release.id, ({ status }) => status !== 'holding' && status !== 'running');
      expect(over).toMatchObject({ status: 'released', rollout: { share: 100_000, id: release.rollout?.id } });
      expect((await there.api('GET', '/api/v1/audit/verify')).body).toMatchObject({ isIntact: true });
    } finally {
      await server.close();
    }
    const database = await openDatabase(target);
    try {
      const edit = database.client.auditEntry.updateMany({ data: { actorName: 'nobody' } });
      await expect(edit).rejects.toThrow(/append-only/iu);
    } finally {
      await database.close();
    }
    await expect(restoreStore(target, backup)).rejects.toThrow('A backup is restored into an empty store only');
  });

  it('touches no store that is in use, and none of another version', async () => {
    const used = await stores.empty(kinds.at(-1) ?? from);
    const older = await openDatabase(used, { count: 5 });
    await older.client
      .$executeRaw`INSERT INTO project (id, key, name, created_at) VALUES (${randomUUID()}::uuid, 'shop', 'Shop', now())`;
    await older.close();
    await expect(restoreStore(used, backup)).rejects.toMatchObject({ code: 'STORE_NOT_EMPTY' });
    const before = await openDatabase(used, { count: 0 });
    const applied = await before.client.$queryRaw`SELECT migration_name FROM _prisma_migrations`;
    await before.close();
    expect(applied).toHaveLength(5);

    const newer = await stores.empty(kinds.at(-1) ?? from);
    const opened = await openDatabase(newer);
    await opened.client
      .$executeRaw`INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '99990101000000_add_something', now())`;
    await opened.close();
    await expect(restoreStore(newer, backup)).rejects.toMatchObject({ code: 'STORE_AT_OTHER_MIGRATIONS' });
  });

  it('is taken of a store that is there, and makes none', async () => {
    const nowhere = join(await stores.folder(), 'no-such');
    const copy = join(await stores.folder(), 'copy');
    for (const config of [{ url: undefined, dataDir: nowhere }, await stores.empty(kinds.at(-1) ?? from)]) {
      await expect(backUpStore(config, copy)).rejects.toMatchObject({ code: 'STORE_MISSING' });
    }
    expect(existsSync(nowhere)).toBe(false);
    expect(existsSync(copy)).toBe(false);
  });

  it('of a stopped server is the same, for its owner alone, and has every table but those that are left out', async () => {
    const target = await stores.empty(from);
    const first = await restoreStore(target, backup);
    const again = join(await stores.folder(), 'again.ndjson.gz');
    expect((await backUpStore(target, again)).end.rows).toEqual(first.end.rows);
    expect(await contentOf(again)).toEqual(await contentOf(backup));
    expect((await stat(again)).mode & 0o777).toBe(0o600);
    await expect(backUpStore(target, again)).rejects.toThrow('EEXIST');
    const database = await openDatabase(target);
    try {
      const tables = await database.client.$queryRaw<readonly { readonly name: string }[]>`
        SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = current_schema()`;
      const names = tables.map(({ name }) => name).filter((name) => !(name in LEFT_OUT));
      expect(Object.keys(first.end.rows).sort()).toEqual(names.sort());
    } finally {
      await database.close();
    }
  });

  it.each<[string, (bytes: Buffer) => Buffer, string]>([
    ['is cut off', (bytes) => bytes.subarray(0, bytes.length / 2), 'it cannot be unpacked'],
    ['has another byte', (bytes) => withOtherByte(bytes), 'This is no whole backup'],
    ['lacks its end', (bytes) => edited(bytes, (lines) => lines.slice(0, -1)), 'its end is missing'],
    ['lacks a row', (bytes) => edited(bytes, (lines) => lines.toSpliced(-2, 1)), 'rows are missing'],
    ['was edited', (bytes) => edited(bytes, renamed), 'its digest is another one'],
    ['was edited by somebody who knows digests', (bytes) => edited(bytes, renamed, true), 'its audit chain is altered'],
    ['is of a later version', (bytes) => edited(bytes, later, true), 'a store that this server does not know'],
    ['is no backup', () => gzipSync('{"flags": []}\n'), 'line 1 is none that a backup has'],
  ])('that %s is refused, and nothing is stored', async (_what, spoil, sentence) => {
    // Whatever store it is: PostgreSQL, where there is one, is made sooner.
    const target = await stores.empty(kinds.at(-1) ?? from);
    const spoiled = join(await stores.folder(), 'spoiled');
    await writeFile(spoiled, spoil(await readFile(backup)));
    await expect(restoreStore(target, spoiled)).rejects.toThrow(sentence);
    expect((await restoreStore(target, backup)).end.rows['project']).toBe(1);
  });
});

it('a backup that cannot be read is told in a sentence, and makes no store', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-no-backup-'));
  const target = { url: undefined, dataDir: join(folder, 'store') };
  const missing = join(folder, 'missing');
  await expect(restoreStore(target, missing)).rejects.toThrow(
    `There is no file ${missing}: name the backup to restore.`,
  );
  await expect(restoreStore(target, folder)).rejects.toThrow(
    `${folder} cannot be read: name a backup that is a file and that you may read.`,
  );
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});

it('a backup is for who may do everything in the whole instance', async () => {
  const server = await startTestServer();
  try {
    await server.api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'production' }] });
    const { secret } = bodyOf<{ secret: string }>(
      await server.api('POST', '/api/v1/tokens', { kind: 'admin', name: randomUUID(), project: 'shop' }),
    );
    expect((await server.as(secret)('GET', '/api/v1/backup')).status).toBe(403);
    const taken = await server.api('GET', '/api/v1/audit?action=backup');
    expect(taken.body).toMatchObject({ items: [] });
    expect((await server.api('GET', '/api/v1/backup')).status).toBe(200);
    const now = await server.api('GET', '/api/v1/audit?action=backup');
    expect(now.body).toMatchObject({ items: [{ action: 'backup.taken', subject: 'instance' }] });
  } finally {
    await server.close();
  }
});

it('a backup begins at once and is one at a time, and what fails on the way breaks the connection', async () => {
  const server = await startTestServer();
  const headers = { authorization: `Bearer ${server.adminToken}` };
  const store = server.app.get(BackupsRepository);
  const tables = store.tables.bind(store);
  try {
    // Holds the first one in its middle, and lets it fail there.
    let fail: (error: Error) => void = () => undefined;
    store.tables = () => new Promise((_resolve, reject) => (fail = reject));
    const first = await fetch(`${server.url}/api/v1/backup`, { headers });
    expect([first.status, first.headers.get('content-type')]).toEqual([200, 'application/gzip']);
    const second = await fetch(`${server.url}/api/v1/backup`, { headers });
    expect([second.status, await second.json()]).toEqual([429, expect.objectContaining({ code: 'BACKUP_UNDER_WAY' })]);
    fail(new Error('the store is away'));
    await expect(first.arrayBuffer()).rejects.toThrow();
    store.tables = tables;
    const third = await fetch(`${server.url}/api/v1/backup`, { headers });
    expect(third.status).toBe(200);
    expect((await third.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
  } finally {
    await server.close();
  }
});

/** Tables with their rows, in no order. */
async function contentOf(path: string): Promise<readonly string[]> {
  const [_header, ...lines] = gunzipSync(await readFile(path))
    .toString()
    .trimEnd()
    .split('\n');
  return lines.slice(0, -1).sort();
}

function withOtherByte(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const middle = Math.floor(copy.length / 2);
  copy[middle] = (copy[middle] ?? 0) ^ 0xff;
  return copy;
}

/** The same file with other lines; `forge` makes digest and header say so. */
function edited(bytes: Buffer, edit: (lines: readonly string[]) => readonly string[], forge = false): Buffer {
  let lines = edit(gunzipSync(bytes).toString().trimEnd().split('\n'));
  if (forge) {
    const body = lines.slice(0, -1);
    const sha256 = createHash('sha256')
      .update(body.map((line) => `${line}\n`).join(''))
      .digest('hex');
    lines = [...body, JSON.stringify({ ...(JSON.parse(lines.at(-1) ?? '') as object), sha256 })];
  }
  return gzipSync(lines.map((line) => `${line}\n`).join(''));
}

/** Lets the audit log tell of another project than the one that was made. */
const renamed = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => (line.includes('project.created') ? line.replaceAll('shop', 'shoq') : line));

const later = (lines: readonly string[]): readonly string[] =>
  lines.with(0, (lines[0] ?? '').replace('"migrations":[', '"migrations":["20200101000000_unheard_of",'));
