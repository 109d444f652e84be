import type { Command } from 'commander';
import { parseArguments } from '../release-draft.js';
import { formatJson, formatTable } from '../render/format.js';
import { type PlanView, renderPlan } from '../render/render-plan.js';
import type { Run } from '../session.js';
import { manyOption, withExamples, withFile, withPages } from './options.js';
import { addCreate, addEdit, addList, addShow } from './resource-commands.js';

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
  const list = addList<Policy>(group, run, {
    command: 'list',
    description: 'Lists the policies of the project.',
    path: (session) => session.pathOf('policies'),
    render: (policies) => {
      const rows = policies.map(({ key, version, name }) => [key, String(version), name]);
      return formatTable([['KEY', 'VERSION', 'NAME'], ...rows]);
    },
  });
  withPages(list);
  addList<Policy>(group, run, {
    command: 'presets',
    description: 'Lists the policies that every project has from the start.',
    path: (session) => session.pathOf('policy-presets'),
    render: (presets) => formatTable([['KEY', ''], ...presets.map(({ key, description }) => [key, description])]),
  });
  addShow<Policy>(group, run, {
    command: 'show <policy>',
    description: 'Shows a policy at its newest version.',
    path: (session, key) => session.pathOf('policies', key),
    render: formatJson,
  });
  const create = addCreate<Policy>(group, run, {
    command: 'create',
    description: 'Creates a policy.',
    path: (session) => session.pathOf('policies'),
    done: ({ key, version }) => `Created ${key}, version ${version}.`,
  });
  withFile(create, 'the policy');
  const edit = addEdit<Policy>(group, run, {
    command: 'edit <policy>',
    description: 'Makes the next version of a policy; running releases keep theirs.',
    path: (session, key) => session.pathOf('policies', key),
    done: ({ key, version }) => `${key} is at version ${version}.`,
  });
  withFile(edit, 'the fields to replace');
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
