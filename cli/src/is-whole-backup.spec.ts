import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { isWholeBackup } from './is-whole-backup.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-whole-backup-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const body = `{"sluiceBackup":1}\n${'["\u2028 x"]\n'.repeat(20_000)}`;
const sha256 = createHash('sha256').update(body).digest('hex');
const whole = gzipSync(`${body}{"rows":{},"sha256":"${sha256}"}\n`);

it.each<[string, Buffer, boolean]>([
  ['a whole one', whole, true],
  ['one that is cut off', whole.subarray(0, -20), false],
  ['one without its end', gzipSync(body), false],
  ['one that ends in the middle of its last line', gzipSync(`${body}{"rows":{},"sha256":"${sha256}"}`), false],
  ['one with another row', gzipSync(`${body}["y"]\n{"rows":{},"sha256":"${sha256}"}\n`), false],
  ['an empty file', Buffer.alloc(0), false],
  ['what is not packed', Buffer.from(body), false],
])('of %s knows whether it is whole', async (_what, bytes, isWhole) => {
  const path = join(folder, 'backup');
  await writeFile(path, bytes);
  expect(await isWholeBackup(path)).toBe(isWhole);
});

it('takes a file that is not there for none', async () =>
  expect(await isWholeBackup(join(folder, 'nowhere'))).toBe(false));
