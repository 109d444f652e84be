import type { Command } from 'commander';
import { readDocument } from '../read-document.js';
import type { Page } from '../release-view.js';
import { parseArguments } from '../release-draft.js';
import { formatTable } from '../render/format.js';
import { type PlanView, renderPlan } from '../render/render-plan.js';
import type { Run } from '../session.js';
import {
  type FileOptions,
  manyOption,
  moreLines,
  type PageOptions,
  withExamples,
  withFile,
  withPages,
} from './options.js';

interface Policy {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly version: number;
}

interface PlanOptions {
  readonly environment: string;
  readonly subject?: string;
  readonly set: readonly string[];
  readonly lookbackHours?: number;
  readonly unitsPerMinute?: number;
  readonly badRate?: number;
}

/** `sluice policy …`: how releases are ramped and judged. */
export function addPolicy(program: Command, run: Run): void {
  const group = program.command('policy').summary('how releases are ramped and judged');
  withPages(group.command('list').description('Lists the policies of the project.')).action(
    (query: PageOptions, self: Command) =>
      run(self, async (session) => {
        const page = await session.get<Page<Policy>>(await session.pathOf('policies'), { query: { ...query } });
        const rows = page.items.map(({ key, version, name }) => [key, String(version), name]);
        session.print(page, [...formatTable([['KEY', 'VERSION', 'NAME'], ...rows]), ...moreLines(page.nextCursor)]);
      }),
  );
  group
    .command('presets')
    .description('Lists the policies that every project has from the start.')
    .action((_options: object, self: Command) =>
      run(self, async (session) => {
        const presets = await session.get<{ readonly items: readonly Policy[] }>(
          await session.pathOf('policy-presets'),
        );
        const rows = presets.items.map(({ key, description }) => [key, description]);
        session.print(presets, formatTable([['KEY', ''], ...rows]));
      }),
    );
  group
    .command('get <policy>')
    .description('Shows a policy at its newest version.')
    .action((key: string, _options: object, self: Command) =>
      run(self, async (session) => {
        const policy = await session.get<Policy>(await session.pathOf('policies', key));
        session.print(policy, [JSON.stringify(policy, null, 2)]);
      }),
    );
  withFile(group.command('create').description('Creates a policy.'), 'the policy').action(
    ({ file }: FileOptions, self: Command) =>
      run(self, async (session) => {
        const made = await session.post<Policy>(await session.pathOf('policies'), await readDocument(file));
        session.print(made, [`Created ${made.key}, version ${made.version}.`]);
      }),
  );
  withFile(
    group.command('edit <policy>').description('Makes the next version of a policy; running releases keep theirs.'),
    'the fields to replace',
  ).action((key: string, { file }: FileOptions, self: Command) =>
    run(self, async (session) => {
      const path = await session.pathOf('policies', key);
      const body = await readDocument(file);
      const edited = await session.edit<Policy>(path, body);
      session.print(edited, [`${edited.key} is at version ${edited.version}.`]);
    }),
  );
  addPlan(group, run);
}

function addPlan(group: Command, run: Run): void {
  const command = group
    .command('plan <policy>')
    .description('Says before a release what each step of a policy would notice, and after how long.')
    .requiredOption('-e, --environment <key>', 'where it is to be released')
    .option('--subject <subject>', 'whose traffic to reckon with: service/checkout, for one (default: all)')
    .option('--lookback-hours <number>', 'how much of history to look at (default: 24)', Number)
    .option('--units-per-minute <number>', 'instead of the traffic there was', Number)
    .option('--bad-rate <number>', 'instead of the rate there was: 0.01 is one of a hundred', Number)
    .addOption(manyOption('--set <name=value>', 'an argument for the policy; may be repeated'))
    .action((key: string, { set, ...asked }: PlanOptions, self: Command) =>
      run(self, async (session) => {
        const body = { ...asked, arguments: parseArguments(set) };
        const plan = await session.post<PlanView>(`${await session.pathOf('policies', key)}/plan`, body);
        session.print(plan, renderPlan(plan));
      }),
    );
  withExamples(
    command,
    'sluice policy plan standard -e production --subject service/checkout',
    'sluice policy plan quick -e production --units-per-minute 200 --bad-rate 0.01',
  );
}
