import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { findChromium } from './find-chromium.js';

const folder = mkdtempSync(join(tmpdir(), 'sluice-chromium-'));
const program = aProgram('chromium');
const shells = mkdtempSync(join(tmpdir(), 'sluice-chromium-'));
const shell = aProgram('chromium-headless-shell', shells);
aProgram('chromium', shells);
afterAll(() => {
  for (const each of [folder, shells]) rmSync(each, { recursive: true });
});

function aProgram(name: string, inFolder = folder): string {
  const path = join(inFolder, name);
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, 0o755);
  return path;
}

it.each<[string, Record<string, string>, string]>([
  ['the path that is named', { CHROMIUM_PATH: '/opt/browser', PATH: folder }, '/opt/browser'],
  ['the program that is named, on the PATH', { CHROMIUM_PATH: 'chromium', PATH: `/nowhere:${folder}` }, program],
  ['the first on the PATH', { PATH: `/nowhere:${folder}` }, program],
  ['what draws no browser around the page, where there is both', { PATH: shells }, shell],
])('finds %s', (_name, env, expected) => expect(findChromium(env)).toBe(expected));

it('says what to do where there is none', () => {
  expect(() => findChromium({ PATH: '/nowhere' })).toThrow(/apt-get install -y --no-install-recommends chromium/u);
});
