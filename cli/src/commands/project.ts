import type { Command } from 'commander';
import { type EnvironmentView, environmentWords, renderEnvironments } from '../render/render-environments.js';
import { formatTable } from '../render/format.js';
import { readDocument } from '../read-document.js';
import { apiPath, type Run } from '../session.js';
import { nameSaid, withExamples, withPages } from './options.js';
import { addCreate, addEdit, addList, addShow } from './resource-commands.js';

interface Project {
  readonly key: string;
  readonly name: string;
  readonly createdAt: string;
}

interface WholeProject extends Project {
  readonly environments: readonly EnvironmentView[];
}

interface CreateOptions {
  readonly file?: string;
  readonly name?: string;
}

/** `sluice project …`: what holds flags, services and releases. */
export function addProject(program: Command, run: Run): void {
  const group = program.command('project').summary('what holds flags, services and releases');
  const list = addList<Project>(group, run, {
    command: 'list',
    description: 'Lists the projects that the token can see.',
    path: () => apiPath('projects'),
    render: (projects) => {
      const rows = projects.map(({ key, name, createdAt }) => [key, name, createdAt]);
      return formatTable([['KEY', 'NAME', 'SINCE'], ...rows]);
    },
  });
  withPages(list);
  addShow<WholeProject>(group, run, {
    command: 'show <project>',
    description: 'Shows a project and its environments.',
    path: (_session, key) => apiPath('projects', key),
    render: ({ key, name, environments }) => [
      ...formatTable([
        ['key', key],
        ['name', name],
      ]),
      '',
      ...renderEnvironments(environments),
    ],
  });
  addProjectCreate(group, run);
  addEdit<WholeProject>(group, run, {
    command: 'edit <project>',
    description: 'Renames a project.',
    path: (_session, key) => apiPath('projects', key),
    read: (self) => self.opts(),
    done: ({ key, name }) => `${key} is named ${name}.`,
  }).option('--name <text>', 'for people');
}

function addProjectCreate(group: Command, run: Run): void {
  const command = addCreate<WholeProject>(group, run, {
    command: 'create [project]',
    description: 'Creates a project with the environments development and production, or those that a file says.',
    path: () => apiPath('projects'),
    read: (self) => {
      const { file, name } = self.opts<CreateOptions>();
      return file === undefined ? { key: nameSaid(self), name } : readDocument(file);
    },
    done: ({ key, environments }) => `Created ${key} with ${environmentWords(environments)}.`,
  })
    .option('-f, --file <path>', 'the project as YAML or JSON; - for standard input')
    .option('--name <text>', 'for people');
  withExamples(
    command,
    'sluice project create shop --name Shop',
    `echo '{ key: shop, environments: [{ key: staging }, { key: live, production: true }] }' | sluice project create -f -`,
  );
}
