import { Argument, type Command } from 'commander';
import { RULE_KINDS, type RuleWords, toRuleEffect } from '../comparison-rule.js';
import type { PlacedRunView, RuleEffectView, RulePriceView, RunSettingsView } from '../parallel-run-view.js';
import { parseInstant } from '../parse-instant.js';
import { formatCount } from '../render/format.js';
import { renderPrice, renderRules } from '../render/render-rules.js';
import { runPathOf } from '../run-path.js';
import type { Run, Session } from '../session.js';
import { countOption, durationOption, withExamples } from './options.js';

type BoundOptions = Omit<RuleWords, 'kind' | 'path'>;

interface AddOptions extends BoundOptions {
  readonly owner: string;
  readonly reason: string;
  readonly expires?: string;
  readonly dryRun?: boolean;
}

/** `sluice parallel-run rules …`: what does not count as a difference. A rule is debt, and has a price. */
export function addRules(parent: Command, run: Run): void {
  const group = parent.command('rules').summary('what does not count as a difference, whose it is and what it hides');
  addList(group, run);
  addPrice(group, run);
  addAdd(group, run);
  addRemove(group, run);
}

function addList(group: Command, run: Run): void {
  group
    .command('list <run> <environment>')
    .description('Lists the rules of a run in an environment, and how many calls they have made equal.')
    .action((key: string, environment: string, _options: object, self: Command) =>
      run(self, async (session) => {
        const { rules, candidates } = await session.get<PlacedRunView>(await runPathOf(session, key, environment));
        const ignored = candidates.reduce((sum, { total }) => sum + (total.sums.verdicts['ignored'] ?? 0), 0);
        const sentence = `In this epoch ${formatCount(ignored)} calls were unequal only where it is ignored.`;
        const none = [`${key} has no rules in ${environment}.`];
        session.print({ items: rules, ignored }, rules.length === 0 ? none : [...renderRules(rules), sentence]);
      }),
    );
}

function addPrice(group: Command, run: Run): void {
  const command = withRule(group.command('price <run> <environment>'))
    .description('Tells what a rule would hide of the mismatches found so far, by signature. Changes nothing.')
    .action((...[key, environment, kind, path, bounds, self]: RuleArguments<BoundOptions>) =>
      run(self, async (session) => {
        const effect = toRuleEffect({ ...bounds, kind, path });
        const price = await priceOf(session, { key, environment }, effect);
        session.print({ rule: effect, ...price }, renderPrice(effect, price));
      }),
    );
  withExamples(command, 'sluice parallel-run rules price price-v2 production ignore "$.updatedAt"');
}

function addAdd(group: Command, run: Run): void {
  const command = withRule(group.command('add <run> <environment>'))
    .description(
      'Adds a rule by which a difference does not count, and tells what it would have hidden of the mismatches so far. ' +
        'This begins a new epoch: evidence starts anew, and certificates are voided.',
    )
    .requiredOption('--owner <owner>', 'who answers for the rule')
    .requiredOption('--reason <text>', 'why the difference does not matter')
    .option('--expires <date>', 'when the rule ends by itself: 2027-01-31, or an instant')
    .option('--dry-run', 'only tell the price')
    .action((...[key, environment, kind, path, options, self]: RuleArguments<AddOptions>) =>
      run(self, async (session) => {
        const { owner, reason, expires, dryRun, ...bounds } = options;
        const effect = toRuleEffect({ ...bounds, kind, path });
        const price = await priceOf(session, { key, environment }, effect);
        const lines = renderPrice(effect, price);
        if (dryRun === true) return session.print({ rule: effect, price }, [...lines, 'Nothing was added.']);
        // Told before it is done, whatever comes of that; machines get it with the rest.
        if (!session.isJson) session.terminal.out(`${lines.join('\n')}\n`);
        const expiresAt = expires === undefined ? undefined : parseInstant(expires);
        const body = { ...effect, owner, reason, expiresAt };
        const settings = await session.post<RunSettingsView>(await runPathOf(session, key, environment, 'rules'), body);
        const added = settings.rules.at(-1);
        session.print({ rule: added, price, settings }, [`Added rule ${added?.id ?? ''}. ${epochWords(settings)}`]);
      }),
    );
  withExamples(
    command,
    'sluice parallel-run rules add price-v2 production tolerance "$.items[*].price" --absolute 0.005 \\',
    '  --owner checkout --reason "The old code rounds half down." --expires 2027-01-31',
    'sluice parallel-run rules add price-v2 production keyedBy "$.items" --field sku --owner checkout --reason … --dry-run',
  );
}

function addRemove(group: Command, run: Run): void {
  group
    .command('remove <run> <environment> <rule>')
    .description(
      'Removes a rule by its id. This begins a new epoch: evidence starts anew, and certificates are voided.',
    )
    .action((key: string, environment: string, rule: string, _options: object, self: Command) =>
      run(self, async (session) => {
        const path = await runPathOf(session, key, environment);
        const { version } = await session.get<RunSettingsView>(path);
        // With the version, because asking a second time would not find the rule.
        const settings = await session.request<RunSettingsView>(
          'DELETE',
          await runPathOf(session, key, environment, 'rules', rule),
          { headers: { 'if-match': `"${version}"` } },
        );
        session.print(settings, [`Removed rule ${rule}. ${epochWords(settings)}`]);
      }),
    );
}

type RuleArguments<Options> = [
  key: string,
  environment: string,
  kind: string,
  path: string,
  options: Options,
  self: Command,
];

/** What every rule is said with; which bounds a kind takes is the server's to say. */
function withRule(command: Command): Command {
  return command
    .addArgument(new Argument('<kind>', 'what it does').choices(RULE_KINDS))
    .argument('<path>', 'where: $.items[*].price, $.**.updatedAt')
    .option('--absolute <number>', 'tolerance: how far apart numbers may be')
    .option('--relative <percent>', 'tolerance: how far, of the larger, such as 0.1%')
    .addOption(countOption('--ulps <count>', 'tolerance: how many doubles apart'))
    .addOption(durationOption('--within <duration>', 'date: how far apart instants may be'))
    .option('--field <name>', 'keyedBy: the field by which elements are matched');
}

async function priceOf(
  session: Session,
  { key, environment }: { readonly key: string; readonly environment: string },
  effect: RuleEffectView,
): Promise<RulePriceView> {
  return session.post(await runPathOf(session, key, environment, 'rules', 'price'), effect);
}

function epochWords({ epoch }: RunSettingsView): string {
  return `Epoch ${epoch} begins: evidence starts anew.`;
}
