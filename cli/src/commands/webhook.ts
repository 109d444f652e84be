import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.js';
import { parseList } from '../parse-list.js';
import { printSecret } from '../print-secret.js';
import { renderDeliveries, renderWebhook, renderWebhooks, testSentence } from '../render/render-webhooks.js';
import type { Run } from '../session.js';
import type { DeliveryView, WebhookTestView, WebhookView } from '../webhook-view.js';
import { listOption, manyOption, withExamples, withPages } from './options.js';
import { addDelete, addEdit, addList, addShow } from './resource-commands.js';

interface CreateOptions {
  readonly description?: string;
  readonly type: readonly string[];
}

interface EditOptions extends CreateOptions {
  readonly to?: string;
  readonly on?: boolean;
  readonly off?: boolean;
}

type IssuedWebhook = WebhookView & { readonly secret: string | null };

/** `sluice webhook …`: who outside is told what happens in the project. */
export function addWebhook(program: Command, run: Run): void {
  const group = program.command('webhook').summary('who outside is told what happens');
  const list = addList<WebhookView>(group, run, {
    command: 'list',
    description: 'Lists the webhooks of the project.',
    path: (session) => session.pathOf('webhooks'),
    render: renderWebhooks,
  });
  withPages(list);
  addShow<WebhookView>(group, run, {
    command: 'show <webhook>',
    description: 'Shows a webhook.',
    path: (session, id) => session.pathOf('webhooks', id),
    render: renderWebhook,
  });
  addWebhookCreate(group, run);
  addWebhookEdit(group, run);
  addDelete(group, run, {
    command: 'delete <webhook>',
    description: 'Deletes a webhook with all that waits for it.',
    path: (session, id) => session.pathOf('webhooks', id),
  });
  addTest(group, run);
  addRotate(group, run);
  const deliveries = addList<DeliveryView>(group, run, {
    command: 'deliveries <webhook>',
    description: 'Lists what was and is to be sent to a webhook, the newest events first; 30 days are kept.',
    path: (session, id) => session.pathOf('webhooks', id, 'deliveries'),
    render: renderDeliveries,
  });
  withPages(deliveries);
  addRedeliver(group, run);
}

function addWebhookCreate(group: Command, run: Run): void {
  const command = group
    .command('create <url>')
    .description(
      'Creates a webhook. Every event from now on is sent to the URL by POST, as a CloudEvent that is signed as Standard ' +
        'Webhooks says. The secret that signs is alone on standard output, this once; with --json the rest is there too.',
    )
    .option('--description <text>', 'for people')
    .addOption(
      manyOption('--type <type>', 'of events to tell of, * at an end allowed; may be repeated').default([], 'all'),
    )
    .action((url: string, { description, type: types }: CreateOptions, self: Command) =>
      run(self, async (session) => {
        const made = await session.post<IssuedWebhook>(await session.pathOf('webhooks'), { url, description, types });
        printSecret(session, made, made.secret, {
          done: `Webhook ${made.id} was made.`,
          again: `Make another secret: sluice webhook rotate ${made.id}`,
        });
      }),
    );
  withExamples(
    command,
    'sluice webhook create https://example.com/hook',
    `sluice webhook create https://example.com/hook --type 'dev.sluice.release.*' --description "The chat room"`,
  );
}

function addWebhookEdit(group: Command, run: Run): void {
  const command = addEdit<WebhookView>(group, run, {
    command: 'edit <webhook>',
    description: 'Edits a webhook; one that is switched on again goes on where it was.',
    path: (session, id) => session.pathOf('webhooks', id),
    read: (self) => {
      const { to: url, description, type, on, off } = self.opts<EditOptions>();
      // Of the two at most one is said.
      const enabled = off === true ? false : on;
      return { url, description, types: parseList(type, (text) => text), enabled };
    },
    done: ({ id, enabled }) => `Edited ${id}, which is ${enabled ? 'on' : 'off'}.`,
  })
    .option('--to <url>', 'where events are sent')
    .option('--description <text>', 'for people')
    .addOption(listOption('--type <type>', 'of events to tell of, all where the list is empty; may be repeated'))
    .option('--on', 'send again')
    .addOption(new Option('--off', 'neither queue nor send').conflicts('on'));
  withExamples(command, 'sluice webhook edit 0197… --to https://example.com/hook --on');
}

function addTest(group: Command, run: Run): void {
  group
    .command('test <webhook>')
    .summary('send a test event now, once')
    .description(
      'Sends a test event now, once. Ends with 0 when the receiver takes it, with 6 when it refuses, and with 5 when it ' +
        'does not answer.',
    )
    .action((id: string, _options: object, self: Command) =>
      run(self, async (session) => {
        const test = await session.post<WebhookTestView>(await session.pathOf('webhooks', id, 'test'));
        session.exitCode = exitCodeOf(test);
        session.print(test, [testSentence(test)]);
      }),
    );
}

function exitCodeOf({ delivered, status }: WebhookTestView): ExitCode {
  if (delivered) return EXIT.released;
  return status === null ? EXIT.couldNotAsk : EXIT.refused;
}

function addRotate(group: Command, run: Run): void {
  group
    .command('rotate <webhook>')
    .description(
      'Makes a new secret, alone on standard output, this once. For a day messages are signed with the old one too.',
    )
    .action((id: string, _options: object, self: Command) =>
      run(self, async (session) => {
        const made = await session.post<IssuedWebhook>(await session.pathOf('webhooks', id, 'rotate'));
        printSecret(session, made, made.secret, {
          done: `Webhook ${made.id} signs with a new secret, and until ${String(made.previousSecretUntil)} with the old one too.`,
          again: `Make another: sluice webhook rotate ${made.id}`,
        });
      }),
    );
}

function addRedeliver(group: Command, run: Run): void {
  const command = group
    .command('redeliver <webhook> <sequence>')
    .description('Sends an event once more, whatever came of it before; its id stays the same.')
    .action((id: string, sequence: string, _options: object, self: Command) =>
      run(self, async (session) => {
        const path = await session.pathOf('webhooks', id, 'deliveries', sequence, 'retry');
        const delivery = await session.post<DeliveryView>(path);
        session.print(delivery, [`Event ${delivery.sequence} is sent again.`]);
      }),
    );
  withExamples(command, 'sluice webhook deliveries 0197…', 'sluice webhook redeliver 0197… 4711');
}
