import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { CommandError } from '../command-error.js';
import { downloadBackup } from '../download-backup.js';
import { EXIT } from '../exit-code.js';
import type { Run } from '../session.js';
import { withExamples } from './options.js';

/** `sluice backup` and `sluice restore`: the whole store into a file, and such a file into an empty store. */
export function addBackup(program: Command, run: Run): void {
  const backup = program
    .command('backup <file>')
    .summary('copy the whole store into a file')
    .description(
      'Copies all that Sluice knows, as it is at one moment, into a new file, while the server runs. Needs an admin ' +
        'token of the instance. The file holds secrets: only its owner may read it, and it belongs where nobody else can.',
    )
    .option('--stopped', 'no server runs: read the store that DATABASE_URL or SLUICE_DATA_DIR names')
    .action((path: string, { stopped = false }: { readonly stopped?: boolean }, self: Command) =>
      run(self, async (session) => {
        if (stopped) return runServer(['backup', path]);
        const taken = await downloadBackup(session, path);
        session.print({ file: path, ...taken }, [
          `${path}: ${taken.bytes} bytes, SHA-256 of the file: ${taken.sha256}.`,
        ]);
        return undefined;
      }),
    );
  withExamples(backup, 'sluice backup sluice-2026-11-21.ndjson.gz');
  const restore = program
    .command('restore <file>')
    .summary('fill an empty store from a backup')
    .description(
      'Fills the empty store that DATABASE_URL or SLUICE_DATA_DIR names from a backup, all of it or nothing: a file that ' +
        'is not whole is refused, and so is a store that has data. Start the server afterwards. Runs where the server is installed.',
    )
    .action((path: string, _options: object, self: Command) => run(self, () => runServer(['restore', path])));
  withExamples(restore, 'DATABASE_URL=postgresql://… sluice restore sluice-2026-11-21.ndjson.gz');
}

/** Lets the server's own program do it, which says itself what came of it. */
async function runServer(words: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [serverProgram(), ...words], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [exitCode] = (await once(child, 'exit')) as [number | null]; // Node's contract of "exit"
  if (exitCode === 0) return;
  throw new CommandError(exitCode === 2 ? EXIT.usage : EXIT.refused, 'It was not done; see above.');
}

function serverProgram(): string {
  try {
    return fileURLToPath(import.meta.resolve('@sluice/server/main'));
  } catch {
    throw new CommandError(EXIT.usage, 'The server is not installed here: run this where it is, such as in its image.');
  }
}
