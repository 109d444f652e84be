/** Installs the proxy's package alone with the SDK's, as strangers would, and starts it. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repository, run } from './run-command.ts';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

const folder = mkdtempSync(join(tmpdir(), 'sluice-shadow-package-'));
try {
  const tarballs = [await pack('sdk'), await pack('shadow')];
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  placeDependencies(join(repository, 'sdk'));
  await must(0, 'npm', ['install', '--prefix', folder, '--offline', '--no-audit', '--no-fund', ...tarballs]);
  const program = join(folder, 'node_modules/.bin/sluice-shadow');
  await must(0, program, ['--version']);
  await must(0, program, ['--help']);
  await must(2, program, []);
  // A port that there is not ends it as it listens: all that it is made of was loaded by then.
  const nowhere = ['--primary', 'http://127.0.0.1:9', '--candidate', 'http://127.0.0.1:9', '--listen', '192.0.2.1:0'];
  await must(1, program, [...nowhere, '--run', 'check', '--share', '1']);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function pack(workspace: string): Promise<string> {
  const said = await must(0, 'npm', ['pack', join(repository, workspace), '--json', '--pack-destination', folder]);
  // npm's contract.
  const [packed] = JSON.parse(said) as readonly { readonly filename: string }[];
  return join(folder, packed?.filename ?? '');
}

/** Puts what the SDK depends on where npm finds it without a network, and nothing else. */
function placeDependencies(from: string): void {
  const { dependencies = {} } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as Manifest;
  for (const name of Object.keys(dependencies)) {
    cpSync(findPackage(from, name), join(folder, 'node_modules', name), { recursive: true, dereference: true });
  }
}

function findPackage(from: string, name: string): string {
  for (let at = from; ; at = dirname(at)) {
    const place = join(at, 'node_modules', name);
    if (existsSync(place)) return place;
    if (at === dirname(at)) throw new Error(`${name}, which ${from} depends on, is not installed.`);
  }
}

async function must(wanted: number, program: string, args: readonly string[]): Promise<string> {
  const { exitCode, output, stdout } = await run(program, args, { isQuiet: true });
  if (exitCode === wanted) return stdout;
  throw new Error(`${program} ${args.join(' ')} ended with ${exitCode}, not ${wanted}:\n${output}`);
}
