import type { Command } from 'commander';
import { followRelease, reportRefusal } from '../follow-release.js';
import { printRelease } from '../print-release.js';
import { parseArguments } from '../release-draft.js';
import type { ReleaseView } from '../release-view.js';
import type { ReportOptions } from '../reports.js';
import { runPathOf } from '../run-path.js';
import type { Run } from '../session.js';
import { manyOption, withExamples, withWaiting } from './options.js';

interface StartOptions extends ReportOptions {
  readonly policy?: string;
  readonly set: readonly string[];
  readonly wait?: boolean;
}

/** `sluice parallel-run start` and `stop`: sampling a run is a release that serves nobody. */
export function addRamp(group: Command, run: Run): void {
  addStart(group, run);
  addStop(group, run);
}

function addStart(group: Command, run: Run): void {
  const command = withWaiting(group.command('start <run> <environment>').summary('sample a run until it is decided'))
    .description(
      'Samples a run as a policy says, until its candidate is certified or refuted. This is a release that serves nobody: ' +
        'watch, pause and abort it as any other. Asking again while it is under way finds it.',
    )
    .option('--policy <key>', 'a policy whose steps say "sampling", or a preset (default: parallel-run)')
    .addOption(manyOption('--set <name=value>', 'an argument for the policy; may be repeated'))
    .action((key: string, environment: string, options: StartOptions, self: Command) =>
      run(self, async (session) => {
        const { policy, set, wait } = options;
        const body = { policy, arguments: parseArguments(set) };
        const patience = wait === true ? { until: session.deadline } : {};
        const release = await session
          .post<ReleaseView>(await runPathOf(session, key, environment, 'start'), body, patience)
          .catch(async (error: unknown) => {
            await reportRefusal(session, error, options);
            throw error;
          });
        if (wait === true) await followRelease(session, release, { reports: options, isLive: false });
        else printRelease(session, release);
      }),
    );
  withExamples(
    command,
    'sluice parallel-run start price-v2 production --wait --timeout 2h',
    '',
    'With --wait it ends with 0 when the candidate is certified, with 3 when it is refuted, with 4 when it is not known in time.',
  );
}

function addStop(group: Command, run: Run): void {
  group
    .command('stop <run> <environment>')
    .description(
      'Samples nothing any more. A release that samples the run is aborted, and puts back all that it moved.',
    )
    .requiredOption('--reason <text>', 'why, for everybody who sees it')
    .action((key: string, environment: string, body: { readonly reason: string }, self: Command) =>
      run(self, async (session) => {
        await session.post(await runPathOf(session, key, environment, 'stop'), body);
        session.print({ run: key, environment, share: 0 }, [`${key} is not sampled in ${environment} any more.`]);
      }),
    );
}
