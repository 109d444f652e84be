import type { Command } from 'commander';
import type { GuardrailView } from '../guardrail-view.js';
import { renderGuardrail, renderGuardrails } from '../render/render-guardrails.js';
import type { Run, Session } from '../session.js';
import { withExamples, withFile, withPages } from './options.js';
import { addCreate, addDelete, addEdit, addList, addShow } from './resource-commands.js';

const EXAMPLE = `
A guardrail, as a file:
  key: orders
  environment: production
  statement: { kind: measurement, metric: unit, what: countPerMinute, atLeast: 30 }
  onBroken: { alert: true, hold: { covers: all } }`;

interface AcknowledgeOptions {
  readonly comment: string;
  readonly release?: true;
}

/** `sluice guardrail …`: what is so while the system works, checked over and over. */
export function addGuardrail(program: Command, run: Run): void {
  const group = program.command('guardrail').summary('what is so while the system works, checked over and over');
  const list = addList<GuardrailView>(group, run, {
    command: 'list',
    description: 'Lists the guardrails of the project, and how they stand.',
    path: (session) => session.pathOf('guardrails'),
    render: renderGuardrails,
  });
  withPages(list).option('-e, --environment <key>', 'only those of an environment');
  addShow<GuardrailView>(group, run, {
    command: 'show <guardrail> <environment>',
    description: 'Shows a guardrail and how it stands.',
    path: guardrailPath,
    render: (guardrail, { palette }) => renderGuardrail(guardrail, palette),
  });
  addGuardrailCreate(group, run);
  const edit = addEdit<GuardrailView>(group, run, {
    command: 'edit <guardrail> <environment>',
    description: 'Edits a guardrail. With another statement it begins anew as not known, and what it held may go on.',
    path: guardrailPath,
    done: ({ key, environment }) => `Edited ${key} in ${environment}.`,
  });
  withFile(edit, 'the fields to replace');
  addDelete(group, run, {
    command: 'delete <guardrail> <environment>',
    description: 'Deletes a guardrail; what it held may go on.',
    path: guardrailPath,
  });
  addAcknowledge(group, run);
}

function guardrailPath(session: Session, guardrail: string, environment: string): Promise<string> {
  return session.pathOf('environments', environment, 'guardrails', guardrail);
}

function addGuardrailCreate(group: Command, run: Run): void {
  const command = addCreate<GuardrailView>(group, run, {
    command: 'create',
    description: 'Creates a guardrail of an environment; its first check follows at once.',
    path: (session) => session.pathOf('guardrails'),
    done: ({ key, environment }) => `Created ${key} in ${environment}; its first check follows at once.`,
  });
  withExamples(withFile(command, 'the guardrail'), 'sluice guardrail create -f orders.yaml').addHelpText(
    'after',
    EXAMPLE,
  );
}

function addAcknowledge(group: Command, run: Run): void {
  const command = group
    .command('acknowledge <guardrail> <environment>')
    .description(
      'Says that somebody has seen that a guardrail is broken. What it holds goes on waiting, unless released.',
    )
    .requiredOption('--comment <text>', 'what is known of it, for everybody who sees it')
    .option('--release', 'let the releases that it holds go on although it is broken')
    .action((guardrail: string, environment: string, body: AcknowledgeOptions, self: Command) =>
      run(self, async (session) => {
        const path = `${await guardrailPath(session, guardrail, environment)}/acknowledge`;
        const seen = await session.post<GuardrailView>(path, body);
        session.print(seen, renderGuardrail(seen, session.palette));
      }),
    );
  withExamples(command, 'sluice guardrail acknowledge orders production --comment "Two mail servers are down"');
}
