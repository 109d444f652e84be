import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { VerdictBundle } from '#replay';
import { aScreen } from '../../test/a-screen.js';
import { runCommand } from '../run-command.js';

const written = readFileSync(new URL('../../test/bundle.json', import.meta.url), 'utf8');
type Bundle = Pick<VerdictBundle, 'ticks' | 'verdicts'>;
let file: string;
beforeAll(() => {
  file = join(mkdtempSync(join(tmpdir(), 'sluice-verify-')), 'bundle.json');
});
afterAll(() => rmSync(join(file, '..'), { recursive: true }));

async function verify(content: string): Promise<{ readonly exitCode: number; readonly said: string }> {
  writeFileSync(file, content);
  const screen = aScreen();
  const exitCode = await runCommand(['verify', file], screen.terminal);
  return { exitCode, said: screen.text() };
}

/** Every place in a document. */
function* placesIn(value: unknown, path: readonly string[] = []): Iterable<readonly string[]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    yield [...path, key];
    yield* placesIn(inner, [...path, key]);
  }
}

/** The bundle with another value at a place; undefined takes the place away. */
function withAt(path: readonly string[], value: unknown): string {
  const document: unknown = JSON.parse(written);
  let holder = document as Record<string, unknown>; // A path leads through objects and lists.
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  if (value !== undefined) holder[last] = value;
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
  return JSON.stringify(document);
}

describe('sluice verify', () => {
  it('judges a bundle as it was written', async () => {
    expect(await verify(written)).toMatchObject({ exitCode: 0, said: expect.stringContaining('The same again: 3') });
  });

  it.each<[string, (bundle: Bundle) => Partial<Bundle>, RegExp]>([
    [
      'its verdicts',
      () => ({ verdicts: [] }),
      /Not the same again: 0 verdicts over 4 ticks, [^]*Tick 5: judged fail, no/u,
    ],
    ['one verdict', ({ verdicts }) => ({ verdicts: verdicts.slice(1) }), /Tick 1: judged pending, no verdict is rec/u],
    ['one tick', ({ ticks }) => ({ ticks: ticks.slice(1) }), /Tick 1 has a verdict and no measurements/u],
    ['all of it', () => ({ ticks: [], verdicts: [] }), /It is rolledBack \(EVIDENCE_BAD\), and no tick is recorded/u],
  ])('is not the same without %s', async (_what, change, words) => {
    const bundle = JSON.parse(written) as Bundle; // As it was fetched.
    const lost = JSON.stringify({ ...bundle, ...change(bundle) });
    expect(await verify(lost)).toEqual({ exitCode: 3, said: expect.stringMatching(words) });
  });

  it.each<[string, string, RegExp]>([
    ['an empty file', '', /is no bundle of verdicts/u],
    ['a bundle that was cut off', written.slice(0, written.length / 2), /is neither YAML nor JSON/u],
    ['a page of the web', '<!doctype html>\n<p>Not found</p>', /is no bundle of verdicts/u],
    ['a bundle that was cut down', '{"schema":"sluice.verdict-bundle/1"}', /is not as Sluice wrote it/u],
  ])('is a usage error for %s', async (_what, content, words) => {
    expect(await verify(content)).toEqual({ exitCode: 2, said: expect.stringMatching(words) });
  });

  it('ends with the same, with another verdict or with a usage error, wherever a bundle is spoilt', async () => {
    const faults: string[] = [];
    for (const path of placesIn(JSON.parse(written))) {
      for (const value of [undefined, null, {}, 'x', -1e308]) {
        const { exitCode, said } = await verify(withAt(path, value));
        const isEngines = /cannot read|cannot destructure|not a function|not iterable|TypeError/iu.test(said);
        if (![0, 2, 3].includes(exitCode) || (exitCode === 2 && isEngines))
          faults.push(`${path.join('/')} = ${JSON.stringify(value) ?? 'nothing'}: ${exitCode} ${said}`);
      }
    }
    expect(faults).toEqual([]);
  });
});
