import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
const CONFIG = join(ROOT, 'server/src/platform/config');
const METRIC = /\bsluice_[a-z_]+\b/gu;

/** Variables that the sections of the settings read: keys of their schemas, and prefixes of keys. */
function settingsRead(): readonly string[] {
  const files = readdirSync(CONFIG).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
  const text = files.map((name) => readFileSync(join(CONFIG, name), 'utf8')).join('\n');
  const keys = [...text.matchAll(/(?:^|\{)\s+([A-Z][A-Z\d_]+):/gmu)].map(([, key]) => key);
  const named = [...text.matchAll(/env\['([A-Z][A-Z\d_]+)'\]/gu)].map(([, key]) => key);
  const prefixes = [...text.matchAll(/_PREFIX = '([A-Z][A-Z\d_]+_)'/gu)].map(([, prefix]) => `${prefix}<NAME>`);
  return [...new Set([...keys, ...named, ...prefixes])].filter((key) => key !== undefined).sort();
}

/** Variables in the first column of the table. */
function settingsTold(): readonly string[] {
  const table = PAGE.slice(PAGE.indexOf('## Settings'));
  const cells = [...table.matchAll(/^\| (`[^|]+)\|/gmu)].map(([, cell]) => cell ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`([A-Z][^`]+)`/gu)].map(([, name]) => name ?? '')).sort();
}

it('the page for operators has every setting there is, and no other', () => {
  expect(settingsTold()).toEqual(settingsRead());
  expect(settingsRead().length).toBeGreaterThan(30);
});

it('the metrics that it says to watch are those of the alerts', () => {
  const alerts = new Set(readFileSync(join(ROOT, 'examples/topology/alerts.yml'), 'utf8').match(METRIC));
  const histograms = [...alerts].map((name) => name.replace(/_bucket$/u, ''));
  const told = new Set(PAGE.match(METRIC));
  expect([...told].filter((name) => !alerts.has(name) && !histograms.includes(name))).toEqual([]);
  expect(told.size).toBeGreaterThan(8);
});

it('the files that it names are there', () => {
  const files = [...PAGE.matchAll(/`((?:examples|server\/src|platform)\/[\w./-]+\.\w+)`/gu)].map(
    ([, path]) => path ?? '',
  );
  const [first, ...others] = files.map((path) => (path.startsWith('platform/') ? `server/src/${path}` : path));
  for (const path of [first ?? '', ...others]) expect(readFileSync(join(ROOT, path), 'utf8')).not.toBe('');
});
