/**
 * Fails when the code and the API contract in git disagree. `--write` (`npm run contracts`) puts the code's word into
 * git's file; the diff is then the thing to review.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository, run } from './run-command.ts';

const contract = join(repository, 'server/openapi.json');
const printer = join(repository, 'server/dist/print-openapi.js');

const { exitCode, output, stdout } = await run(process.execPath, [printer], { isQuiet: true });
if (exitCode !== 0) {
  fail(`server/dist/print-openapi.js failed:\n${output}`);
} else {
  const fromCode = `${JSON.stringify(JSON.parse(stdout), null, 2)}\n`;
  const inGit = existsSync(contract) ? readFileSync(contract, 'utf8') : '';
  if (process.argv.includes('--write')) writeFileSync(contract, fromCode);
  else if (fromCode !== inGit) fail(`server/openapi.json ${difference(inGit, fromCode)}\nRun npm run contracts.`);
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
