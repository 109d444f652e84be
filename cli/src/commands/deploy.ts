import { type Command, Option } from 'commander';
import type { Run } from '../session.js';
import { withExamples } from './options.js';

interface DeployOptions {
  readonly digest: string;
  readonly urlOfRun?: string;
  readonly state: 'installed' | 'removed';
}

interface Deployment {
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  readonly digest: string;
  readonly state: string;
}

/** `sluice deploy`: tells what a pipeline has installed where. */
export function addDeploy(program: Command, run: Run): void {
  const command = program
    .command('deploy <service> <version> <environment>')
    .summary('report that a version was installed in an environment')
    .description(
      'Reports that a version of a service was installed in an environment, or removed from it. No user gets it by ' +
        'that: a release makes it available.',
    )
    .requiredOption('--digest <digest>', 'of what was installed: sha256: and 64 hexadecimal digits')
    .option('--url-of-run <url>', 'where to read more: the pipeline’s run, the commit')
    .addOption(
      new Option('--state <state>', 'what has become of it').choices(['installed', 'removed']).default('installed'),
    )
    .action((service: string, version: string, environment: string, options: DeployOptions, self: Command) =>
      run(self, async (session) => {
        const { digest, urlOfRun: url, state } = options;
        const body = { service, version, environment, digest, state, ...(url === undefined ? {} : { url }) };
        const made = await session.post<Deployment>(await session.pathOf('deployments'), body);
        session.print(made, [
          `${made.service} ${made.version} is ${made.state} in ${made.environment}: ${made.digest}`,
        ]);
      }),
    );
  withExamples(
    command,
    'sluice deploy returns v456 production --digest sha256:9f86d0…',
    'sluice deploy returns v455 production --digest sha256:60303a… --state removed',
  );
}
