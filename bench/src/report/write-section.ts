import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { replaceSection } from './replace-section.js';

const DOCUMENT = join(fileURLToPath(new URL('.', import.meta.url)), '../../../docs/benchmarks.md');

const QUICK = 'From a trial run (`--quick`) of a few rounds: to be measured again before anybody quotes it.';

/** Prints a section and puts it into the document of measurements, in the place of what was there. */
export function writeSection(name: string, figures: string, { quick }: { readonly quick: boolean }): void {
  const text = quick ? `${QUICK}\n\n${figures.trim()}` : figures;
  console.log(`\n${text}`);
  const document = existsSync(DOCUMENT) ? readFileSync(DOCUMENT, 'utf8') : '# Benchmarks\n';
  writeFileSync(DOCUMENT, replaceSection(document, name, text));
}

/** What was measured on, for people who compare. */
export function describeMachine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `Node ${process.versions.node} on ${platform()} ${arch()}, ${cpus().length} × ${cpu?.model.trim() || 'unnamed CPU'}, ${memory} GiB`;
}

/** The installed version of a package that the bench depends on. */
export function versionOf(packageName: string): string {
  const path = findPackageJSON(packageName, import.meta.url);
  if (path === undefined) throw new Error(`${packageName} is not installed: run npm ci.`);
  return (JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string }).version; // every package has one
}
