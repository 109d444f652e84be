/**
 * Generates the messages and services of `server/proto/` (`npm run generate:proto -w server`); nothing is fetched.
 * `--check` writes nothing and fails when what is in git is not what the protocols say.
 */
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository, run } from './run-command.ts';

const protocols = join(repository, 'server/proto');
const committed = join(repository, 'server/src/platform/grpc/generated');
const installed = join(repository, 'node_modules');

if (process.argv.includes('--check')) {
  const fresh = mkdtempSync(join(tmpdir(), 'sluice-proto-'));
  try {
    if (await generateInto(fresh)) compare(fresh);
  } finally {
    rmSync(fresh, { recursive: true });
  }
} else {
  await generateInto(committed);
}

/** Empties the folder, then fills it; answers whether that worked. */
async function generateInto(folder: string): Promise<boolean> {
  const template = {
    version: 'v2',
    clean: true,
    plugins: [
      {
        local: [process.execPath, join(installed, '@bufbuild/protoc-gen-es/bin/protoc-gen-es')],
        out: folder,
        opt: ['target=ts', 'import_extension=js'],
      },
    ],
  };
  const args = [
    join(installed, '@bufbuild/buf/bin/buf'),
    'generate',
    protocols,
    '--template',
    JSON.stringify(template),
  ];
  const { exitCode, output } = await run(process.execPath, args, { isQuiet: true });
  if (exitCode !== 0) fail(`The protocols cannot be generated:\n${output}`);
  return exitCode === 0;
}

function compare(fresh: string): void {
  const textsIn = (folder: string): ReadonlyMap<string, string> =>
    new Map(globSync('**/*.ts', { cwd: folder }).map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
  const [inGit, generated] = [textsIn(committed), textsIn(fresh)];
  const differing = [...new Set([...inGit.keys(), ...generated.keys()])].filter(
    (path) => inGit.get(path) !== generated.get(path),
  );
  if (differing.length === 0) return;
  fail(
    `Not what server/proto says: ${differing.sort().join(', ')}.\nRun npm run generate:proto -w server and commit it.`,
  );
}

function fail(reason: string): void {
  console.error(reason);
  process.exitCode = 1;
}
