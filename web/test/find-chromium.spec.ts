import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { findChromium } from './find-chromium.js';

const folder = mkdtempSync(join(tmpdir(), 'sluice-chromium-'));
const program = join(folder, 'chromium');
writeFileSync(program, '#!/bin/sh\n');
chmodSync(program, 0o755);
afterAll(() => rmSync(folder, { recursive: true }));

it.each<[string, Record<string, string>, string]>([
  ['the path that is named', { CHROMIUM_PATH: '/opt/browser', PATH: folder }, '/opt/browser'],
  ['the program that is named, on the PATH', { CHROMIUM_PATH: 'chromium', PATH: `/nowhere:${folder}` }, program],
  ['the first on the PATH', { PATH: `/nowhere:${folder}` }, program],
])('finds %s', (_name, env, expected) => expect(findChromium(env)).toBe(expected));

it('says what to do where there is none', () => {
  expect(() => findChromium({ PATH: '/nowhere' })).toThrow(/apt-get install -y --no-install-recommends chromium/u);
});
