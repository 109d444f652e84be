import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { runSluice } from './run-sluice.js';
import { spawnSluice } from './spawn-sluice.js';

// Whole stores are made, beside other suites on few cores.
jest.setTimeout(300_000);

let server: TestServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-cli-backup-'));
  server = await startTestServer();
  await server.api('POST', '/api/v1/projects', { key: 'shop', name: 'Shop' });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

it('the store of a server that runs is copied into a new file, and restored into an empty store', async () => {
  const env = { SLUICE_URL: server.url, SLUICE_TOKEN: server.adminToken };
  const file = join(folder, 'backup.ndjson.gz');
  const taken = await runSluice(['backup', file], env);
  expect(taken).toMatchObject({ exitCode: 0, err: '' });
  const bytes = await readFile(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(taken.out).toBe(`${file}: ${bytes.length} bytes, SHA-256 of the file: ${sha256}.\n`);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await runSluice(['backup', file], env)).toMatchObject({ exitCode: 2, err: expect.stringContaining('exists') });
  expect(await readFile(file)).toEqual(bytes);
  expect(await readdir(folder)).toEqual(['backup.ndjson.gz']);

  const store = { SLUICE_DATA_DIR: join(folder, 'store') };
  const content = gunzipSync(bytes).toString();
  const body = content.slice(0, content.lastIndexOf('\n', content.length - 2) + 1);
  const digest = createHash('sha256').update(body).digest('hex');
  const restored = await spawnSluice(['restore', file], store);
  expect(restored).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^\d+ rows of the store as it was at /u) });
  expect(restored.out).toContain(`SHA-256 of its content, unpacked and without the last line: ${digest}.`);
  const again = await spawnSluice(['restore', file], store);
  expect(again).toMatchObject({ exitCode: 6, err: expect.stringContaining('into an empty store only') });
  const copy = join(folder, 'copy.ndjson.gz');
  expect(await spawnSluice(['backup', '--stopped', copy], store)).toMatchObject({ exitCode: 0 });
  expect((await stat(copy)).mode & 0o777).toBe(0o600);
});

it('who may not take a backup is told so, and no file is left', async () => {
  const made = await server.api('POST', '/api/v1/tokens', { kind: 'ci', name: 'ci', project: 'shop' });
  const { secret } = made.body as { readonly secret: string }; // By contract.
  const file = join(folder, 'refused.ndjson.gz');
  const refused = await runSluice(['backup', file], { SLUICE_URL: server.url, SLUICE_TOKEN: secret });
  expect(refused.exitCode).toBe(8);
  expect(await readdir(folder)).not.toContain('refused.ndjson.gz');
  const away = await runSluice(['backup', file], { SLUICE_URL: 'http://127.0.0.1:9', SLUICE_TOKEN: secret });
  expect(away).toMatchObject({ exitCode: 5, err: expect.stringContaining('does not answer') });
});
