import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { CommandError } from '../command-error.js';
import { followRelease, reportRefusal } from '../follow-release.js';
import { printRelease } from '../print-release.js';
import { readDocument } from '../read-document.js';
import { type ReleaseDraft, toReleaseDraft } from '../release-draft.js';
import type { ReleaseView } from '../release-view.js';
import { apiPath, type Run, type Session } from '../session.js';
import { countOption, manyOption, type StartOptions, withExamples, withWaiting } from './options.js';

interface CreateOptions extends StartOptions {
  readonly file?: string;
  readonly environment?: string;
  readonly name?: string;
  readonly description?: string;
  readonly policy?: string;
  readonly service: readonly string[];
  readonly flag: readonly string[];
  readonly retireAfterDays?: number;
  readonly parallelRun: readonly string[];
  readonly set: readonly string[];
  readonly start?: boolean;
  readonly idempotencyKey?: string;
}

/** `sluice release create`. */
export function addReleaseCreate(parent: Command, run: Run): void {
  const command = withWaiting(parent.command('create').summary('make a release and start it'))
    .description(
      'Makes a release and starts it. Asking again finds it: by the same builds in the same environment, or by the same ' +
        'changes of flags under the same policy while it is open.',
    )
    .option('-f, --file <path>', 'the release as YAML or JSON; - for standard input')
    .option('-e, --environment <key>', 'where users are to get it')
    .addOption(manyOption('--service <service@version>', 'a version to make available; may be repeated'))
    .addOption(manyOption('--flag <flag=variation>', 'a variation to ramp; may be repeated'))
    .addOption(countOption('--retire-after-days <days>', 'when the flags said here are due, once it is released'))
    .addOption(
      manyOption('--parallel-run <run>', 'sampled as the policy says before anybody is served; may be repeated'),
    )
    .option('--policy <key>', 'a policy of the project, or a preset (default: standard)')
    .addOption(manyOption('--set <name=value>', 'an argument for the policy; may be repeated'))
    .option('--name <text>', 'what people see (default: made of the changes)')
    .option('--description <text>', 'what it is about')
    .option('--start', 'start it at once, whatever the file says (default)')
    .option('--no-start', 'leave it to be started later')
    .option('--override-rejection <reason>', 'why builds that were rolled back here are tried again')
    .option('--idempotency-key <text>', 'the same key and content never make a second release, in later runs too')
    .action((options: CreateOptions, self: Command) =>
      run(self, async (session) => {
        const release = await create(session, options).catch(async (error: unknown) => {
          await reportRefusal(session, error, options);
          throw error;
        });
        if (options.wait === true) await followRelease(session, release, { reports: options, isLive: false });
        else printRelease(session, release);
      }),
    );
  withExamples(
    command,
    'sluice release create -f release.yaml --wait --timeout 2h --junit release.xml',
    'sluice release create --service checkout@v2 --flag new-cart=on --policy standard -e production',
    'sluice release create --parallel-run price-v2 --flag new-pricing=on --retire-after-days 14 --policy proven -e production',
    '',
    'release.yaml:',
    '  environment: production',
    '  policy: proven',
    '  changes:',
    '    - { kind: service, service: checkout, version: v2 }',
    '    - { kind: parallelRun, run: price-v2 }',
    '    - { kind: flag, flag: new-cart, ramp: { variation: on }, retireAfterDays: 14 }',
  );
}

async function create(session: Session, options: CreateOptions): Promise<ReleaseView> {
  const file = options.file === undefined ? undefined : await readDocument(options.file);
  const { service: services, flag: flags, parallelRun: runs } = options;
  const draft = toReleaseDraft({ ...options, services, flags, runs, file, project: await projectOf(session, file) });
  // One key for all that this run sends; a run of its own may mean it anew.
  const sameAs = options.idempotencyKey ?? randomUUID();
  const patience = options.wait === true ? { sameAs, until: session.deadline } : { sameAs };
  const made = await makeOrDraft(session, draft, patience);
  // The same builds may have been asked for before and wait to be started, and a repeated answer may be old.
  const release = await session.get<ReleaseView>(apiPath('releases', made.id), patience);
  if (!draft.start || release.status !== 'draft') return release;
  const { overrideRejection } = options;
  const body = overrideRejection === undefined ? {} : { overrideRejection };
  return session
    .post<ReleaseView>(`${apiPath('releases', release.id)}/start`, body, patience)
    .catch((error: unknown) => {
      session.note(`Release ${release.id} is there, but was not started.`);
      throw error;
    });
}

/** A release that must be approved to start has to be there first, for somebody to approve. */
async function makeOrDraft(
  session: Session,
  draft: ReleaseDraft,
  patience: { readonly sameAs: string; readonly until?: number },
): Promise<ReleaseView> {
  const path = apiPath('releases');
  try {
    return await session.post<ReleaseView>(path, draft, patience);
  } catch (error) {
    const isUnapproved = error instanceof CommandError && error.problem?.code === 'APPROVAL_MISSING';
    if (!isUnapproved || !draft.start) throw error;
    return session.post<ReleaseView>(path, { ...draft, start: false }, patience);
  }
}

/** As it was said on the command line, else in the file, else as ever. */
async function projectOf(session: Session, file: unknown): Promise<string> {
  const { projectSaid } = session;
  if (projectSaid !== undefined) return projectSaid;
  const inFile = typeof file === 'object' && file !== null && 'project' in file ? file.project : undefined;
  return typeof inFile === 'string' ? inFile : session.project();
}
