import type { Command } from 'commander';
import { answerOfCertificate, answerOfLack } from '../certificate-answer.js';
import { CommandError } from '../command-error.js';
import { EXIT } from '../exit-code.js';
import type { CandidateView, CertificateView, PlacedRunView, RunView } from '../parallel-run-view.js';
import { parseInstant } from '../parse-instant.js';
import { readDocument } from '../read-document.js';
import { renderRuns } from '../render/render-runs.js';
import { renderSignatures } from '../render/render-signatures.js';
import { renderStanding } from '../render/render-standing.js';
import { runPathOf } from '../run-path.js';
import type { Run } from '../session.js';
import { nameSaid, withExamples, withPages } from './options.js';
import { addRamp } from './parallel-run-ramp.js';
import { addRules } from './parallel-run-rules.js';
import { addReset, addSettings, addShare } from './parallel-run-settings.js';
import { addCreate, addList } from './resource-commands.js';

interface CreateOptions {
  readonly file?: string;
  readonly name?: string;
  readonly description?: string;
  readonly owner?: string;
  readonly due?: string;
}

interface CandidateOptions {
  readonly candidate?: string;
}

/** `sluice parallel-run …`: new code beside the old, and whether it is equivalent. */
export function addParallelRun(program: Command, run: Run): void {
  const group = program.command('parallel-run').summary('new code beside the old, and whether it is equivalent');
  group.description(
    'Calls new code beside the old, on the same inputs, and compares what they answer. Callers get the old code’s answer.',
  );
  const list = addList<RunView>(group, run, {
    command: 'list',
    description: 'Lists the parallel runs of the project, and how they stand.',
    path: (session) => session.pathOf('parallel-runs'),
    render: renderRuns,
  });
  withPages(list);
  addRunCreate(group, run);
  addStanding(group, run);
  addSignatures(group, run);
  addSettings(group, run);
  addRamp(group, run);
  addShare(group, run);
  addReset(group, run);
  addRules(group, run);
  addCertificate(group, run);
}

function addRunCreate(group: Command, run: Run): void {
  const command = addCreate<RunView>(group, run, {
    command: 'create [run]',
    description: 'Creates a parallel run, off in every environment.',
    path: (session) => session.pathOf('parallel-runs'),
    read: (self) => {
      const { file, due, ...said } = self.opts<CreateOptions>();
      if (file !== undefined) return readDocument(file);
      // What is undefined is left out of JSON.
      return { key: nameSaid(self), ...said, dueAt: due === undefined ? undefined : parseInstant(due) };
    },
    done: ({ key }) => `Created ${key}, off in every environment.`,
  })
    .option('-f, --file <path>', 'the run as YAML or JSON; - for standard input')
    .option('--name <text>', 'for people')
    .option('--description <text>', 'what is compared')
    .option('--owner <owner>', 'who answers for it')
    .option('--due <date>', 'when it should have been decided: 2027-01-31, or an instant');
  withExamples(command, 'sluice parallel-run create price-v2 --name "New pricing" --owner checkout --due 2027-03-01');
}

function addStanding(group: Command, run: Run): void {
  const command = group
    .command('show <run> [environment]')
    .description('Shows how a run stands in an environment, or in short in all of them.')
    .action((key: string, environment: string | undefined, _options: object, self: Command) =>
      run(self, async (session) => {
        if (environment === undefined) {
          const found = await session.get<RunView>(await session.pathOf('parallel-runs', key));
          session.print(found, renderRuns([found]));
          return;
        }
        const placed = await session.get<PlacedRunView>(await runPathOf(session, key, environment));
        session.print(placed, renderStanding(placed, { now: new Date(), palette: session.palette }));
      }),
    );
  withExamples(command, 'sluice parallel-run show price-v2 production');
}

function addSignatures(group: Command, run: Run): void {
  group
    .command('signatures <run> <environment>')
    .summary('show the differences that were found, with samples')
    .description(
      'Shows the differences that were found, those with the most excess over noise first, and samples of each. Values ' +
        'are digests, unless their path is allowed (settings --raw-path).',
    )
    .option('--candidate <name>', 'only those of a candidate')
    .action((key: string, environment: string, { candidate }: CandidateOptions, self: Command) =>
      run(self, async (session) => {
        const placed = await session.get<PlacedRunView>(await runPathOf(session, key, environment));
        const signatures = chosen(placed, candidate).flatMap((each) => each.signatures);
        const scene = { now: new Date(), palette: session.palette, samples: Number.POSITIVE_INFINITY };
        const lines = renderSignatures(signatures, scene);
        session.print({ items: signatures }, lines.length === 0 ? ['No differences were found in this epoch.'] : lines);
      }),
    );
}

function chosen({ run, candidates }: PlacedRunView, name: string | undefined): readonly CandidateView[] {
  if (name === undefined) return candidates;
  const found = candidates.filter(({ total }) => total.candidate === name);
  if (found.length > 0) return found;
  const known = [...new Set(candidates.map(({ total }) => total.candidate))].join(', ');
  const hint = known === '' ? 'Nothing was compared in this epoch.' : `There is ${known}.`;
  throw new CommandError(EXIT.usage, `Nothing was compared with a candidate "${name}" of ${run}.`, { hint });
}

function addCertificate(group: Command, run: Run): void {
  const command = group
    .command('certificate <run> <environment>')
    .summary('a gate for pipelines: 0 certified, 4 not yet, 3 refuted')
    .description(
      'Says whether the newest candidate is certified as equivalent. Ends with 0 when a certificate stands, with 4 when ' +
        'not yet, and says what it lacks, and with 3 when the candidate is known to be unequal.',
    )
    .option('--candidate <name>', 'needed where the run has several')
    .action((key: string, environment: string, { candidate }: CandidateOptions, self: Command) =>
      run(self, async (session) => {
        const path = await runPathOf(session, key, environment, 'certificate');
        const answer = await session
          .get<CertificateView>(path, { query: { candidate } })
          .then(answerOfCertificate, (error: unknown) => {
            const lack = answerOfLack(error);
            if (lack === undefined) throw error;
            return lack;
          });
        session.exitCode = answer.exitCode;
        const { certificate, sentences } = answer;
        const head = certificate === null ? [] : [`Certified at ${certificate.at}: certificate ${certificate.id}.`];
        session.print(answer, [...head, ...sentences]);
      }),
    );
  withExamples(command, 'sluice parallel-run certificate price-v2 production && ./remove-old-pricing.sh');
}
