import { type Command, Option } from 'commander';
import { followRelease } from '../follow-release.js';
import { linesOfRelease, printRelease } from '../print-release.js';
import type { ReleaseView } from '../release-view.js';
import { formatTable } from '../render/format.js';
import { positionWords, statusWords } from '../render/words.js';
import type { ReportOptions } from '../reports.js';
import { apiPath, type Run } from '../session.js';
import { type StartOptions, withExamples, withPages, withReports, withWaiting } from './options.js';
import { addReleaseCreate } from './release-create.js';
import { addList, addShow } from './resource-commands.js';
import { addVerdict } from './verdict.js';

const STATUSES = [
  'draft',
  'scheduled',
  'queued',
  'running',
  'holding',
  'released',
  'rolledBack',
  'aborted',
  'superseded',
];

/** `sluice release …`, and the verbs that people type in a hurry without it. */
export function addRelease(program: Command, run: Run): void {
  const group = program.command('release').summary('make versions and flags available to users, step by step');
  group.description('Makes versions and flags available to users, step by step, as far as measurements allow.');
  addReleaseCreate(group, run);
  const list = addList<ReleaseView>(group, run, {
    command: 'list',
    description: 'Lists the releases of a project, the newest first.',
    path: () => apiPath('releases'),
    query: async (session) => ({ project: await session.project() }),
    render: renderReleases,
  });
  withPages(list)
    .option('-e, --environment <key>', 'only those of an environment')
    .addOption(new Option('--status <status>', 'only those that stand so').choices(STATUSES));
  addShow<ReleaseView>(group, run, {
    command: 'show <release>',
    description: 'Shows a release as it stands.',
    path: (_session, id) => apiPath('releases', id),
    render: linesOfRelease,
  });
  addWait(group, run);
  addStart(group, run);
  addApprove(group, run);
  for (const parent of [group, program]) {
    addWatch(parent, run);
    addPause(parent, run);
    addResume(parent, run);
    addPromote(parent, run);
    addAbort(parent, run);
    addRollback(parent, run);
    addVerdict(parent, run);
  }
}

function renderReleases(releases: readonly ReleaseView[]): readonly string[] {
  const rows = releases.map((release) => [
    release.id,
    release.environment,
    release.name,
    statusWords(release.status),
    positionWords(release) ?? '',
    release.reason.code,
  ]);
  return formatTable([['ID', 'ENVIRONMENT', 'NAME', 'STATUS', 'POSITION', 'REASON'], ...rows]);
}

function addWait(parent: Command, run: Run): void {
  const command = withReports(parent.command('wait <release>').description('Waits until a release has ended.')).action(
    (id: string, reports: ReportOptions, self: Command) =>
      run(self, async (session) => {
        const release = await session.get<ReleaseView>(apiPath('releases', id), { until: session.deadline });
        await followRelease(session, release, { reports, isLive: false });
      }),
  );
  withExamples(command, 'sluice release wait 0197… --timeout 2h --junit release.xml');
}

function addWatch(parent: Command, run: Run): void {
  withReports(parent.command('watch <release>'))
    .description('Shows a release as it moves, until it has ended. Stopping this leaves the release alone.')
    .action((id: string, reports: ReportOptions, self: Command) =>
      run(self, async (session) => {
        const release = await session.get<ReleaseView>(apiPath('releases', id), { until: session.deadline });
        await followRelease(session, release, { reports, isLive: true });
      }),
    );
}

function addStart(parent: Command, run: Run): void {
  withWaiting(parent.command('start <release>'))
    .description('Starts a release, or a new attempt of one that was rolled back or aborted.')
    .option('--override-rejection <reason>', 'why builds that were rolled back here are tried again')
    .action((id: string, { overrideRejection, wait, ...reports }: StartOptions, self: Command) =>
      run(self, async (session) => {
        const body = overrideRejection === undefined ? {} : { overrideRejection };
        const release = await session.post<ReleaseView>(`${apiPath('releases', id)}/start`, body);
        if (wait === true) await followRelease(session, release, { reports, isLive: false });
        else printRelease(session, release);
      }),
    );
}

function addApprove(parent: Command, run: Run): void {
  parent
    .command('approve <release>')
    .description('Approves the start of a release, or going on from the step it is at.')
    .option('--comment <text>', 'kept with the approval', '')
    .action((id: string, body: { readonly comment: string }, self: Command) => act(run, self, id, 'approve', body));
}

function addPause(parent: Command, run: Run): void {
  parent
    .command('pause <release>')
    .description('Stops the ramp where it is; the release is still judged.')
    .requiredOption('--reason <text>', 'why, for everybody who sees it')
    .action((id: string, body: { readonly reason: string }, self: Command) => act(run, self, id, 'pause', body));
}

function addResume(parent: Command, run: Run): void {
  parent
    .command('resume <release>')
    .description('Goes on after a pause.')
    .action((id: string, _options: object, self: Command) => act(run, self, id, 'resume', undefined));
}

function addPromote(parent: Command, run: Run): void {
  parent
    .command('promote <release>')
    .description('Goes to the last step without waiting for evidence.')
    .option('--next', 'only to the next step')
    .action((id: string, { next }: { readonly next?: boolean }, self: Command) =>
      act(run, self, id, 'promote', { to: next === true ? 'next' : 'last' }),
    );
}

function addAbort(parent: Command, run: Run): void {
  parent
    .command('abort <release>')
    .description('Gives a release up and puts everything back; its builds may be tried again.')
    .requiredOption('--reason <text>', 'why, for everybody who sees it')
    .action((id: string, body: { readonly reason: string }, self: Command) => act(run, self, id, 'abort', body));
}

function addRollback(parent: Command, run: Run): void {
  parent
    .command('rollback <release>')
    .description('Puts everything back because it is bad; its builds are remembered as such.')
    .requiredOption('--reason <text>', 'why, for everybody who sees it')
    .action((id: string, body: { readonly reason: string }, self: Command) => act(run, self, id, 'rollback', body));
}

/** One verb on one release; it succeeds when the server has done it, whatever becomes of the release. */
function act(run: Run, self: Command, id: string, verb: string, body: object | undefined): Promise<void> {
  return run(self, async (session) =>
    printRelease(session, await session.post<ReleaseView>(`${apiPath('releases', id)}/${verb}`, body)),
  );
}
