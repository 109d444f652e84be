import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aSnapshot } from '../../test/builders.js';
import { cacheFileName, defaultCacheDir, SnapshotCacheFile } from './snapshot-cache-file.js';

const token = 'slu_server_secret';
const fileName = cacheFileName('https://sluice.example.com', token);
let directory: string;
let warnings: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-cache-'));
  warnings = [];
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function aFile(at = directory) {
  const silent = () => undefined;
  const logger = { debug: silent, info: silent, error: silent, warn: (message: string) => void warnings.push(message) };
  return new SnapshotCacheFile(at, fileName, 'instance', logger);
}

describe('SnapshotCacheFile', () => {
  it('gives back what was written, readable by its owner only', async () => {
    const file = aFile(join(directory, 'deep', 'er'));
    file.write({ snapshot: aSnapshot(), etag: '"e"' });
    await file.settle();
    expect(await file.read()).toEqual({ snapshot: aSnapshot(), etag: '"e"' });
    expect((await stat(join(directory, 'deep', 'er', fileName))).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, 'deep', 'er'))).mode & 0o777).toBe(0o700);
  });

  it('keeps the newest of many and leaves no other file', async () => {
    const file = aFile();
    for (let revision = 1; revision <= 50; revision += 1)
      file.write({ snapshot: aSnapshot({ revision }), etag: undefined });
    await file.settle();
    expect((await file.read())?.snapshot.revision).toBe(50);
    expect(await readdir(directory)).toEqual([fileName]);
  });

  it('never holds the token or the address', async () => {
    const file = aFile();
    file.write({ snapshot: aSnapshot(), etag: undefined });
    await file.settle();
    const text = fileName + (await readFile(join(directory, fileName), 'utf8'));
    expect(text).not.toContain('secret');
    expect(text).not.toContain('example.com');
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['cut off', '{"format":"sluice-snapshot-1"}\n{"schemaVersion":1,"pro'],
    ['somebody else’s', '{"format":"other"}\n{}'],
    ['binary', '\u0000\u0001'],
  ])('ignores a file that is %s', async (_name, text) => {
    if (text !== undefined) await writeFile(join(directory, fileName), text);
    expect(await aFile().read()).toBeUndefined();
  });

  it('survives a directory that cannot be made, and says so once', async () => {
    await writeFile(join(directory, 'occupied'), '');
    const file = aFile(join(directory, 'occupied', 'sluice'));
    file.write({ snapshot: aSnapshot(), etag: undefined });
    await file.settle();
    file.write({ snapshot: aSnapshot(), etag: undefined });
    await file.settle();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('cacheDir');
  });

  it('does not write through a link laid in its way', async () => {
    await writeFile(join(directory, 'victim'), 'precious');
    await symlink(join(directory, 'victim'), join(directory, `${fileName}.instance.tmp`));
    const file = aFile();
    file.write({ snapshot: aSnapshot(), etag: undefined });
    await file.settle();
    expect(await readFile(join(directory, 'victim'), 'utf8')).toBe('precious');
  });
});

it('tells control planes and tokens apart by file', () => {
  const names = [cacheFileName('https://a', 't'), cacheFileName('https://b', 't'), cacheFileName('https://a', 'u')];
  expect(new Set(names).size).toBe(3);
});

it('keeps to the customs of the platform', () => {
  expect(defaultCacheDir({ XDG_CACHE_HOME: '/cache' }, 'linux')).toBe('/cache/sluice');
  expect(defaultCacheDir({}, 'linux')).toMatch(/\.cache\/sluice$/);
  expect(defaultCacheDir({}, 'darwin')).toMatch(/Library\/Caches\/sluice$/);
  expect(defaultCacheDir({ LOCALAPPDATA: '/local' }, 'win32')).toBe('/local/sluice/Cache');
  expect(defaultCacheDir({}, 'win32')).toBeUndefined();
});
