import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { CLI_VERSION } from './version.js';

it('names the version of the package', () => {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(manifest).toMatchObject({ version: CLI_VERSION });
});
