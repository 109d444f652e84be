import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type Fill, spool } from './backup-spool.adapter.js';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'sluice-spool-test-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

/** A text that its reader awaits before the next one is written. */
function inTurns(texts: readonly string[], last: () => Promise<void> = async () => undefined) {
  let next: () => void = () => undefined;
  const fill: Fill = async (to) => {
    for (const text of texts) {
      const turn = new Promise<void>((resolve) => (next = resolve));
      to.write(text);
      await turn;
    }
    await last();
  };
  return { fill, next: () => next() };
}

it('gives on what is written before the rest is', async () => {
  const { fill, next } = inTurns(['one ', 'two ', 'three']);
  const seen: string[] = [];
  for await (const bytes of spool(fill, parent)) {
    seen.push(String(bytes));
    next();
  }
  expect(seen).toEqual(['one ', 'two ', 'three']);
  expect(await readdir(parent)).toEqual([]);
});

it('fails as the writing does, behind what was written', async () => {
  const { fill, next } = inTurns(['one'], () => Promise.reject(new Error('the store is away')));
  const seen: string[] = [];
  const reading = async (): Promise<void> => {
    for await (const bytes of spool(fill, parent)) {
      seen.push(String(bytes));
      next();
    }
  };
  await expect(reading()).rejects.toThrow('the store is away');
  expect(seen).toEqual(['one']);
});

it('lets the writing go on while nobody reads, and breaks it off when the reader leaves', async () => {
  let written = 0;
  const fill: Fill = async (to, signal) => {
    for (; written < 100; written += 1) {
      await new Promise<void>((resolve, reject) => to.write('x'.repeat(100_000), (e) => (e ? reject(e) : resolve())));
    }
    to.write('end');
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };
  const stream = spool(fill, parent);
  await new Promise((resolve) => stream.once('readable', resolve));
  while (written < 100) await new Promise((resolve) => setImmediate(resolve));
  stream.destroy();
  await finished(stream).catch(() => undefined);
  while ((await readdir(parent)).length > 0) await new Promise((resolve) => setImmediate(resolve));
});
