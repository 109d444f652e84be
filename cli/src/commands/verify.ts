import { createHash } from 'node:crypto';
import type { ReplayReport, VerdictBundle } from '#replay';
import type { Command } from 'commander';
import { CommandError } from '../command-error.js';
import { EXIT } from '../exit-code.js';
import { readDocument } from '../read-document.js';
import type { Run } from '../session.js';
import { withExamples } from './options.js';

/** `sluice verify`: judges a release again, offline. */
export function addVerify(program: Command, run: Run): void {
  const command = program
    .command('verify <bundle>')
    .summary('judge a release again from its bundle, offline')
    .description(
      'Judges a release again from all that was measured, and says whether it comes to the same verdicts. Asks no ' +
        'server. Ends with 0 when it does and with 3 when it does not.',
    )
    .action((path: string, _options: object, self: Command) =>
      run(self, async (session) => {
        // No other command needs the judges and what checks their input.
        const { parseBundle } = await import('../parse-bundle.js');
        const bundle = parseBundle(await readDocument(path), path);
        const report = await replay(bundle, path);
        if (!report.isSame) session.exitCode = EXIT.bad;
        const { release, rollout } = bundle;
        const counted = `${report.verdicts} verdicts over ${report.ticks} ticks`;
        session.print({ ...report, releaseId: release.id, attempt: rollout.attempt }, [
          `${release.name} → ${release.environment}, attempt ${rollout.attempt}: ${rollout.status}. ${rollout.reason.sentence}`,
          report.isSame ? `The same again: ${counted}.` : `Not the same again: ${counted}, these differ:`,
          ...report.differences.map((difference) => `  ${difference}`),
        ]);
      }),
    );
  withExamples(command, 'sluice verdict 0197… -o bundle.json && sluice verify bundle.json');
}

async function replay(bundle: VerdictBundle, path: string): Promise<ReplayReport> {
  const { replayBundle } = await import('#replay');
  try {
    return replayBundle(bundle, (text) => createHash('sha256').update(text).digest('hex'));
  } catch {
    // Each part has its shape, and still they do not fit together: what the engine says of it helps nobody.
    const hint = 'Fetch it again: sluice verdict <release> -o bundle.json';
    throw new CommandError(EXIT.usage, `${path} cannot be judged: its parts do not fit together.`, { hint });
  }
}
