/** Installs the command's package alone, as strangers would, and judges a release with it offline. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repository, run } from './run-command.ts';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

const cli = join(repository, 'cli');
const bundle = join(cli, 'test/bundle.json');
const folder = mkdtempSync(join(tmpdir(), 'sluice-cli-package-'));
try {
  const tarball = await pack();
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  placeDependencies(cli, new Set());
  await must(0, 'npm', ['install', '--prefix', folder, '--offline', '--no-audit', '--no-fund', tarball]);
  const sluice = join(folder, 'node_modules/.bin/sluice');
  await must(0, sluice, ['--version']);
  await must(0, sluice, ['verify', bundle]);
  await must(3, sluice, ['verify', rewritten()]);
  await must(2, sluice, ['verify', join(folder, 'package.json')]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function pack(): Promise<string> {
  const said = await must(0, 'npm', ['pack', cli, '--json', '--pack-destination', folder]);
  // npm's contract.
  const [packed] = JSON.parse(said) as readonly { readonly filename: string }[];
  return join(folder, packed?.filename ?? '');
}

/**
 * Puts what the package depends on where npm finds it without a network: just that, and what it depends on. What the
 * package uses and does not name is missing there.
 */
function placeDependencies(from: string, placed: Set<string>): void {
  const { dependencies = {} } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as Manifest;
  for (const name of Object.keys(dependencies)) {
    if (placed.has(name)) continue;
    placed.add(name);
    const at = findPackage(from, name);
    cpSync(at, join(folder, 'node_modules', name), { recursive: true, dereference: true });
    placeDependencies(at, placed);
  }
}

function findPackage(from: string, name: string): string {
  for (let at = from; ; at = dirname(at)) {
    const place = join(at, 'node_modules', name);
    if (existsSync(place)) return place;
    if (at === dirname(at)) throw new Error(`${name}, which ${from} depends on, is not installed.`);
  }
}

/** A bundle in which somebody changed what was judged. */
function rewritten(): string {
  const path = join(folder, 'rewritten.json');
  writeFileSync(path, readFileSync(bundle, 'utf8').replaceAll('"candidateBad": 9', '"candidateBad": 0'));
  return path;
}

async function must(wanted: number, program: string, args: readonly string[]): Promise<string> {
  const { exitCode, output, stdout } = await run(program, args, { isQuiet: true });
  if (exitCode === wanted) return stdout;
  throw new Error(`${program} ${args.join(' ')} ended with ${exitCode}, not ${wanted}:\n${output}`);
}
