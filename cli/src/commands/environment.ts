import type { Command } from 'commander';
import { type EnvironmentView, renderEnvironment, renderEnvironments } from '../render/render-environments.js';
import type { Run } from '../session.js';
import { withExamples } from './options.js';
import { addCreate, addEdit, addList, addShow } from './resource-commands.js';

const TIGHTENS = 'of production: more is refused there, and the control room asks before anything dangerous';

/** `sluice environment …`: where services run, and flags decide on their own. */
export function addEnvironment(program: Command, run: Run): void {
  const group = program.command('environment').summary('where services run, and flags decide on their own');
  addList<EnvironmentView>(group, run, {
    command: 'list',
    description: 'Lists the environments of the project.',
    path: (session) => session.pathOf('environments'),
    render: renderEnvironments,
  });
  addShow<EnvironmentView>(group, run, {
    command: 'show <environment>',
    description: 'Shows an environment.',
    path: (session, key) => session.pathOf('environments', key),
    render: renderEnvironment,
  });
  const create = addCreate<EnvironmentView>(group, run, {
    command: 'create <environment>',
    description: 'Creates an environment, for good; every flag starts switched off in it.',
    path: (session) => session.pathOf('environments'),
    read: (self) => ({ key: self.args[0], ...self.opts<object>() }),
    done: ({ key }) => `Created ${key}; every flag is off in it.`,
  })
    .option('--name <text>', 'for people')
    .option('--production', TIGHTENS);
  withExamples(create, 'sluice environment create staging', 'sluice environment create live --name Live --production');
  const edit = addEdit<EnvironmentView>(group, run, {
    command: 'edit <environment>',
    description: 'Renames an environment, or says whether it is of production.',
    path: (session, key) => session.pathOf('environments', key),
    read: (self) => self.opts(),
    done: ({ key }) => `Edited ${key}.`,
  })
    .option('--name <text>', 'for people')
    .option('--production', TIGHTENS)
    .option('--no-production', 'not of production');
  withExamples(edit, 'sluice environment edit live --production');
}
