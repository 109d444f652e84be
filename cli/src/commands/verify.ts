import { createHash } from 'node:crypto';
import type { ReplayReport, VerdictBundle } from '@sluice/server/replay';
import type { Command } from 'commander';
import { CommandError } from '../command-error.js';
import { EXIT } from '../exit-code.js';
import { readDocument } from '../read-document.js';
import type { Run } from '../session.js';
import { withExamples } from './options.js';

const SCHEMA = 'sluice.verdict-bundle/1';

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
        const bundle = requireBundle(await readDocument(path), path);
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

function requireBundle(document: unknown, path: string): VerdictBundle {
  const isOne = typeof document === 'object' && document !== null && 'schema' in document && document.schema === SCHEMA;
  // What names the schema and has another shape fails when it is replayed, which says so.
  if (isOne) return document as unknown as VerdictBundle;
  throw new CommandError(EXIT.usage, `${path} is no bundle of verdicts: it does not say "schema": "${SCHEMA}".`);
}

async function replay(bundle: VerdictBundle, path: string): Promise<ReplayReport> {
  // The judges of the server come with much that no other command needs.
  const { replayBundle } = await import('@sluice/server/replay');
  try {
    return replayBundle(bundle, (text) => createHash('sha256').update(text).digest('hex'));
  } catch (cause) {
    // What is thrown over a bundle that was cut or rewritten is about its shape.
    const { message } = cause as Error;
    throw new CommandError(EXIT.usage, `${path} cannot be judged again; it is not as Sluice wrote it: ${message}`);
  }
}
