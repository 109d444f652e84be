/**
 * Fails when the code and the API contracts in git disagree. `--write` (`npm run contracts`) puts the code's word into
 * git's files; the diff is then the thing to review.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository, run } from './run-command.ts';

interface Contract {
  /** In git. */
  readonly path: string;
  /** Prints what the code says. */
  readonly printer: string;
  readonly format: (printed: string) => string;
}

const contracts: readonly Contract[] = [
  {
    path: 'server/openapi.json',
    printer: 'server/dist/print-openapi.js',
    format: (printed) => `${JSON.stringify(JSON.parse(printed), null, 2)}\n`,
  },
  { path: 'server/schema.graphql', printer: 'server/dist/print-graphql.js', format: (printed) => printed },
];

for (const contract of contracts) await check(contract);

async function check({ path, printer, format }: Contract): Promise<void> {
  const { exitCode, output, stdout } = await run(process.execPath, [join(repository, printer)], { isQuiet: true });
  if (exitCode !== 0) return fail(`${printer} failed:\n${output}`);
  const file = join(repository, path);
  const fromCode = format(stdout);
  const inGit = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (process.argv.includes('--write')) writeFileSync(file, fromCode);
  else if (fromCode !== inGit) fail(`${path} ${difference(inGit, fromCode)}\nRun npm run contracts.`);
}

function difference(inGit: string, fromCode: string): string {
  const [gitLines, codeLines] = [inGit.split('\n'), fromCode.split('\n')];
  const index = codeLines.findIndex((line, i) => line !== gitLines[i]);
  return `differs from the code at line ${String(index + 1)}:\n- ${gitLines[index] ?? ''}\n+ ${codeLines[index] ?? ''}`;
}

function fail(reason: string): void {
  console.error(reason);
  process.exitCode = 1;
}
