import type { Command } from 'commander';
import { CommandError } from '../command-error.js';
import { EXIT } from '../exit-code.js';
import { type SettingsWords, toSettingsEdit } from '../parallel-run-settings.js';
import type { RunSettingsView } from '../parallel-run-view.js';
import { parseShare } from '../parse-share.js';
import { readDocument } from '../read-document.js';
import { formatShare } from '../render/format.js';
import { renderSettings } from '../render/render-settings.js';
import { runPathOf } from '../run-path.js';
import type { Run } from '../session.js';
import { countOption, durationOption, listOption, withExamples } from './options.js';

interface SettingsOptions extends SettingsWords {
  readonly file?: string;
}

/** `sluice parallel-run settings`: what is demanded of a candidate, and what bounds the run. */
export function addSettings(group: Command, run: Run): void {
  const command = group
    .command('settings <run> <environment>')
    .summary('show or replace what a run demands, and what bounds it')
    .description(
      'Shows what a run demands in an environment and what bounds it, or replaces what is said. Another demand begins a ' +
        'new epoch: evidence starts anew, and certificates are voided.',
    )
    .option('-f, --file <path>', 'the fields to replace, "demand" and "runner", as YAML or JSON; - for standard input')
    .option('--tolerance <percent>', 'the largest rate of unequal results that is still equivalent, such as 0.1%')
    .option('--alpha <percent>', 'the chance of certifying a candidate that is not, such as 5%')
    .option('--alpha-kill <percent>', 'the chance of refuting one that is, such as 1%')
    .option('--unanswered-tolerance <percent>', 'of the sampled calls, those that may stay without an answer')
    .option('--latency-margin <percent>', 'how much slower the candidate may be; "none": its time is not judged')
    .addOption(listOption('--stratum <name=count>', 'inputs that must have been compared so often; may be repeated'))
    .option('--bucket-by <attribute>', 'what is hashed to draw calls; "none": targetingKey')
    .option('--twins <percent>', 'of the sampled calls, those in which the control runs twice')
    .addOption(durationOption('--deadline <duration>', 'after which the candidate is given up, such as 500ms'))
    .addOption(countOption('--max-concurrent <count>', 'candidates at work at once in one process'))
    .addOption(durationOption('--added-time <duration>', 'the mean time that a sampled call may cost, such as 1ms'))
    .addOption(durationOption('--loop-delay <duration>', 'how late the event loop may be, such as 50ms'))
    .addOption(durationOption('--window <duration>', 'for how long an input that was compared counts as seen'))
    .option('--serve <flag:variation>', 'whoever the flag serves it gets the candidate’s answer; "none": nobody')
    .addOption(listOption('--raw-path <path>', 'whose values may leave the services as they are; may be repeated'))
    .action((key: string, environment: string, { file, ...words }: SettingsOptions, self: Command) =>
      run(self, async (session) => {
        const path = await runPathOf(session, key, environment);
        const now = await session.get<RunSettingsView>(path);
        const edit = toSettingsEdit(words, now.runner.budget);
        const isEdit = Object.keys(edit).length > 0;
        if (isEdit && file !== undefined) throw new CommandError(EXIT.usage, 'Say settings in a file or as options.');
        if (!isEdit && file === undefined) return session.print(settingsOf(now), renderSettings(now));
        const settings = await session.request<RunSettingsView>('PATCH', path, {
          body: file === undefined ? edit : await readDocument(file),
          headers: { 'if-match': `"${now.version}"` },
        });
        const epoch = settings.epoch === now.epoch ? [] : [`Epoch ${settings.epoch} begins: evidence starts anew.`];
        session.print(settings, [`${key} is set in ${environment}.`, ...epoch]);
      }),
    );
  withExamples(
    command,
    'sluice parallel-run settings price-v2 production --tolerance 0.1% --latency-margin 10% --stratum JPY=200',
    'sluice parallel-run settings price-v2 production --serve new-pricing:on --deadline 500ms',
    'sluice parallel-run settings price-v2 production --raw-path "$.currency" --latency-margin none',
  );
}

/** The settings alone of what is answered with how the run stands. */
function settingsOf({ run, environment, share, demand, runner, rules, epoch, version }: RunSettingsView): object {
  return { run, environment, share, demand, runner, rules, epoch, version };
}

/** `sluice parallel-run share`. */
export function addShare(group: Command, run: Run): void {
  const command = group
    .command('share <run> <environment> <percent>')
    .description('Samples another share of the calls by hand; 0 stops the run.')
    .action((key: string, environment: string, percent: string, _options: object, self: Command) =>
      run(self, async (session) => {
        const share = parseShare(percent);
        if (share === undefined) throw new CommandError(EXIT.usage, `"${percent}" is no share: say 5, 5% or 0.1%.`);
        const path = await runPathOf(session, key, environment, 'share');
        const settings = await session.request<RunSettingsView>('PUT', path, { body: { share } });
        session.print(settings, [
          `${formatShare(settings.share)} of the calls of ${key} are sampled in ${environment}.`,
        ]);
      }),
    );
  withExamples(command, 'sluice parallel-run share price-v2 staging 10%');
}

/** `sluice parallel-run reset`. */
export function addReset(group: Command, run: Run): void {
  group
    .command('reset <run> <environment>')
    .description('Begins a new epoch: what was compared so far counts no more, and certificates are voided.')
    .requiredOption('--reason <text>', 'why it is to count no more')
    .action((key: string, environment: string, body: { readonly reason: string }, self: Command) =>
      run(self, async (session) => {
        const settings = await session.post<RunSettingsView>(await runPathOf(session, key, environment, 'reset'), body);
        session.print(settings, [`Epoch ${settings.epoch} of ${key} begins in ${environment}: evidence starts anew.`]);
      }),
    );
}
