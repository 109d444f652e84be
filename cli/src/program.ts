import { Command, Option } from 'commander';
import { addAudit } from './commands/audit.js';
import { addBackup } from './commands/backup.js';
import { addDeploy } from './commands/deploy.js';
import { addEnvironment } from './commands/environment.js';
import { addFlag } from './commands/flag.js';
import { addGuardrail } from './commands/guardrail.js';
import { durationOption, withExamples } from './commands/options.js';
import { addInstance } from './commands/instance.js';
import { addParallelRun } from './commands/parallel-run.js';
import { addPerson } from './commands/person.js';
import { addPolicy } from './commands/policy.js';
import { addProject } from './commands/project.js';
import { addRelease } from './commands/release.js';
import { addSegment } from './commands/segment.js';
import { addToken } from './commands/token.js';
import { addVerify } from './commands/verify.js';
import { addWebhook } from './commands/webhook.js';
import type { Run } from './session.js';
import { CLI_VERSION } from './version.js';

const EXIT_CODES = `
Exit codes:
  0 released, or done        5 could not ask: Sluice or a source of measurements
  1 internal                 6 refused: frozen, approval missing, rejected digest, aborted, …
  2 usage                    7 superseded by a newer release
  3 rolled back: bad         8 not allowed
  4 not known in time        130 stopped by hand; the release goes on`;

/** Every command there is; `run` does their work. */
export function buildProgram(run: Run): Command {
  const program = new Command('sluice')
    .description('Opens the gate a little, looks, and opens it further or shuts it.')
    .version(CLI_VERSION)
    .addOption(new Option('--url <url>', 'where Sluice is').env('SLUICE_URL'))
    .addOption(new Option('--token <token>', 'who is asking').env('SLUICE_TOKEN'))
    .addOption(
      new Option('--project <key>', 'needed where the token can see more than one project').env('SLUICE_PROJECT'),
    )
    .option('--json', 'one JSON document on standard output, everything else on standard error')
    .option('--no-color', 'no colours; NO_COLOR says so too')
    .addOption(durationOption('--timeout <duration>', 'how long to try, 15s unless said, and to wait, 24h unless said'))
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .showSuggestionAfterError()
    .showHelpAfterError('Add --help to see what there is.')
    .exitOverride();
  addDeploy(program, run);
  addInstance(program, run);
  addRelease(program, run);
  addParallelRun(program, run);
  addPolicy(program, run);
  addGuardrail(program, run);
  addFlag(program, run);
  addSegment(program, run);
  addProject(program, run);
  addEnvironment(program, run);
  addWebhook(program, run);
  addPerson(program, run);
  addToken(program, run);
  addAudit(program, run);
  addVerify(program, run);
  addBackup(program, run);
  withExamples(
    program,
    'sluice deploy checkout v2 production --digest sha256:9f86d0…',
    'sluice release create --service checkout@v2 --flag new-cart=on -e production --wait',
    'sluice watch 0197…',
    'sluice flag off new-cart production',
  );
  return program.addHelpText('after', EXIT_CODES);
}
