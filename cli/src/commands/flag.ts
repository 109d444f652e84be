import { type Command, Option } from 'commander';
import { parseServe, parseVariations } from '../flag-settings.js';
import { parseInstant } from '../parse-instant.js';
import { readDocument } from '../read-document.js';
import { formatJson, formatTable } from '../render/format.js';
import type { Run } from '../session.js';
import { manyOption, nameSaid, withExamples, withPages } from './options.js';
import { addCreate, addList, addShow } from './resource-commands.js';

interface Flag {
  readonly key: string;
  readonly type: string;
  readonly name: string;
  readonly dueAt: string | null;
  readonly environments: Readonly<Record<string, { readonly on: boolean }>>;
}

interface CreateOptions {
  readonly file?: string;
  readonly type: string;
  readonly name?: string;
  readonly description?: string;
  readonly tag: readonly string[];
  readonly owner?: string;
  readonly purpose?: string;
  readonly due?: string;
  readonly variation: readonly string[];
}

interface TakeOverOptions {
  readonly takeOver?: string;
}

interface SetOptions extends TakeOverOptions {
  readonly file?: string;
}

const STAGES = ['new', 'live', 'settled', 'idle', 'unused', 'overdue'];
const ORDERS = ['key', 'name', 'owner', 'due', 'updated', 'state', 'evaluated', 'stage'];

/** `sluice flag …`: decisions that services ask for. */
export function addFlag(program: Command, run: Run): void {
  const group = program.command('flag').summary('decisions that services ask for');
  const list = addList<Flag>(group, run, {
    command: 'list',
    description: 'Lists the flags of the project.',
    path: (session) => session.pathOf('flags'),
    render: renderFlags,
  });
  withPages(list)
    .option('--tag <tag>', 'only those with a tag')
    .option('--owner <owner>', 'only those of an owner')
    .option('--search <text>', 'only those with this in their key or name')
    .addOption(new Option('--stage <stage>', 'only those between their making and removal there').choices(STAGES))
    .option('--stale', 'only those that may be able to go: at any stage but new and live')
    .option('--overdue', 'only those whose due date is past')
    .option('-e, --environment <key>', 'of which --on, and the orders state and evaluated, are')
    .addOption(new Option('--on <boolean>', 'only those that are, or are not, on there').choices(['true', 'false']))
    .addOption(new Option('--sort <order>', 'by what they are put in order (default: key)').choices(ORDERS))
    .option('--descending', 'the other way round');
  withExamples(
    list,
    'sluice flag list --stale --sort due',
    'sluice flag list -e production --on true --sort evaluated',
  );
  addShow<Flag>(group, run, {
    command: 'show <flag>',
    description: 'Shows a flag with its settings in every environment.',
    path: (session, key) => session.pathOf('flags', key),
    render: formatJson,
  });
  addFlagCreate(group, run);
  for (const verb of ['on', 'off'] as const) addSwitch(group, run, verb);
  addSet(group, run);
  addExport(group, run);
}

function renderFlags(flags: readonly Flag[]): readonly string[] {
  const rows = flags.map(({ key, type, environments, dueAt }) => [
    key,
    type,
    onIn(environments),
    dueAt?.slice(0, 10) ?? '',
  ]);
  return formatTable([['KEY', 'TYPE', 'ON IN', 'DUE'], ...rows]);
}

function onIn(environments: Flag['environments']): string {
  const on = Object.entries(environments).flatMap(([key, settings]) => (settings.on ? [key] : []));
  return on.join(', ');
}

function addFlagCreate(group: Command, run: Run): void {
  const command = addCreate<Flag>(group, run, {
    command: 'create [flag]',
    description: 'Creates a flag, switched off in every environment.',
    path: (session) => session.pathOf('flags'),
    read: (self) => {
      const options = self.opts<CreateOptions>();
      return options.file === undefined ? draftOf(nameSaid(self), options) : readDocument(options.file);
    },
    done: ({ key }) => `Created ${key}, off in every environment.`,
  })
    .option('-f, --file <path>', 'the flag as YAML or JSON; - for standard input')
    .addOption(
      new Option('--type <type>', 'of its values').choices(['boolean', 'string', 'number', 'json']).default('boolean'),
    )
    .option('--name <text>', 'for people')
    .option('--description <text>', 'what it decides')
    .addOption(manyOption('--tag <tag>', 'may be repeated'))
    .option('--owner <owner>', 'who answers for it')
    .addOption(
      new Option('--purpose <purpose>', 'why it exists').choices([
        'release',
        'experiment',
        'operational',
        'permission',
      ]),
    )
    .option('--due <date>', 'when it should be gone: 2027-01-31, or an instant')
    .addOption(manyOption('--variation <key=value>', 'may be repeated; boolean flags have on and off'));
  withExamples(
    command,
    'sluice flag create new-cart --owner carts --due 2027-01-31',
    'sluice flag create page-size --type number --variation small=10 --variation large=100',
  );
}

function draftOf(key: string, options: CreateOptions): object {
  const { type, name, description, tag: tags, owner, purpose, due, variation } = options;
  const dueAt = due === undefined ? undefined : parseInstant(due);
  const variations = variation.length === 0 ? undefined : parseVariations(variation);
  // What is undefined is left out of JSON.
  return { key, type, name, description, tags, owner, purpose, dueAt, variations };
}

function addSwitch(group: Command, run: Run, verb: 'on' | 'off'): void {
  withTakeOver(group.command(`${verb} <flag> <environment>`))
    .description(`Switches a flag ${verb} in an environment.`)
    .action((key: string, environment: string, query: TakeOverOptions, self: Command) =>
      run(self, async (session) => {
        const path = await session.pathOf('flags', key, 'environments', environment);
        const settings = await session.request<object>('PATCH', path, {
          body: { on: verb === 'on' },
          query: { ...query },
        });
        session.print(settings, [`${key} is ${verb} in ${environment}.`]);
      }),
    );
}

function addSet(group: Command, run: Run): void {
  const command = withTakeOver(group.command('set <flag> <environment> [serve...]'))
    .description(
      'Says what a flag serves in an environment where no rule and no target says otherwise: a variation, or shares ' +
        'of several in percent. A file may replace any of its settings.',
    )
    .option('-f, --file <path>', 'the settings to replace, as YAML or JSON; - for standard input')
    .action((key: string, environment: string, serve: readonly string[], options: SetOptions, self: Command) =>
      run(self, async (session) => {
        const body =
          options.file === undefined || serve.length > 0
            ? { defaultServe: parseServe(serve) }
            : await readDocument(options.file);
        const path = await session.pathOf('flags', key, 'environments', environment);
        const settings = await session.edit<{ readonly on: boolean }>(path, body, { takeOver: options.takeOver });
        const hint = settings.on ? '' : ` It is off there: sluice flag on ${key} ${environment}`;
        session.print(settings, [`${key} is set in ${environment}.${hint}`]);
      }),
    );
  withExamples(
    command,
    'sluice flag set new-cart production on',
    'sluice flag set new-cart production on=25 off=75',
    'sluice flag set new-cart production -f settings.yaml --take-over "the release is stuck"',
  );
}

interface FlagdExport {
  readonly document: object;
  readonly uncarried: readonly { readonly flag: string; readonly path: string; readonly reason: string }[];
}

function addExport(group: Command, run: Run): void {
  const command = group
    .command('export <environment>')
    .description(
      'Writes the flags of an environment in another format. What the format cannot say exactly is left out, and told ' +
        'on the standard error.',
    )
    .addOption(new Option('--format <format>', 'of the document').choices(['flagd']).default('flagd'))
    .action((environment: string, _options: object, self: Command) =>
      run(self, async (session) => {
        const path = await session.pathOf('environments', environment, 'flagd');
        const answer = await session.get<FlagdExport>(path);
        for (const { flag, path: place, reason } of answer.uncarried) {
          session.note(`${flag} is left out (${place}): ${reason}`);
        }
        session.print(answer.document, formatJson(answer.document));
      }),
    );
  withExamples(command, 'sluice flag export production > flags.json');
}

function withTakeOver(command: Command): Command {
  return command.option('--take-over <reason>', 'why a release that is ramping the flag here is to end');
}
