import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { CommandError } from '../command-error.js';
import { EXIT } from '../exit-code.js';
import { apiPath, type Run } from '../session.js';
import { withExamples } from './options.js';

interface VerdictOptions {
  readonly output?: string;
  readonly attempt?: string;
}

/** `sluice verdict`: everything a release was judged from. */
export function addVerdict(parent: Command, run: Run): void {
  const command = parent
    .command('verdict <release>')
    .description('Fetches the bundle of all that a release was judged from, which `sluice verify` replays.')
    .option('-o, --output <path>', 'write it there instead')
    .option('--attempt <number>', 'of an earlier attempt (default: the newest)')
    .action((id: string, { output, attempt }: VerdictOptions, self: Command) =>
      run(self, async (session) => {
        const bundle = await session.get<unknown>(`${apiPath('releases', id)}/verdict`, { query: { attempt } });
        const text = JSON.stringify(bundle, null, 2);
        if (output === undefined) return session.print(bundle, [text]);
        await writeFile(output, `${text}\n`).catch((cause: Error) => {
          throw new CommandError(EXIT.usage, `The bundle could not be written: ${cause.message}`);
        });
        session.print({ output }, [`Written to ${output}. Check it offline: sluice verify ${output}`]);
      }),
    );
  withExamples(command, 'sluice verdict 0197… -o bundle.json && sluice verify bundle.json');
}
