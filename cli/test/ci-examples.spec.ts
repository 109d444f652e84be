import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { buildProgram } from '../src/program.js';

const examples = new URL('../../examples/ci/', import.meta.url);
// The files are ours: a shape that differs fails the tests below.
const read = async <Shape>(path: string): Promise<Shape> =>
  parse(await readFile(new URL(path, examples), 'utf8')) as Shape;

interface Action {
  readonly inputs: Readonly<Record<string, { readonly required?: boolean; readonly default?: string }>>;
  readonly runs: {
    readonly steps: readonly { readonly name?: string; readonly run?: string; readonly env?: Record<string, string> }[];
  };
}
interface Workflow {
  readonly jobs: {
    readonly release: { readonly steps: readonly { readonly uses?: string; readonly with?: object }[] };
  };
}
interface Job {
  readonly variables: Readonly<Record<string, string>>;
  readonly before_script?: readonly string[];
  readonly script: readonly string[];
}

const VALUES: Readonly<Record<string, string>> = {
  service: 'checkout',
  version: '$(touch pwned); v2',
  digest: `sha256:${'a'.repeat(64)}`,
  flags: 'new-cart=on page=large',
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-ci-'));
  for (const name of ['sluice', 'npm']) {
    const stub = `#!/bin/sh\nfor word in ${name} "$@"; do printf '%s\\0' "$word"; done >> "$CALLS"\nprintf '\\n' >> "$CALLS"\nexit \${EXIT_CODE:-0}\n`;
    await writeFile(join(folder, name), stub);
    await chmod(join(folder, name), 0o755);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a script of an example with programs that only write down how they were called. */
async function callsOf(script: string, env: Readonly<Record<string, string>>) {
  const file = join(folder, 'calls');
  await writeFile(file, '');
  const all = { ...env, CALLS: file, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
  const ended = await promisify(execFile)('bash', ['-eo', 'pipefail', '-c', script], { env: all, cwd: folder }).catch(
    (error: { code: number }) => error,
  );
  const calls = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  return { calls: calls.map((call) => call.split('\0').slice(0, -1)), code: 'code' in ended ? ended.code : 0 };
}

/** What the command would do: throws when the call is none of its. */
async function parseCall(words: readonly string[]): Promise<object> {
  let options: object | undefined;
  const program = buildProgram(async (command) => {
    options = { command: command.name(), ...command.optsWithGlobals() };
  });
  await program.parseAsync(words.slice(1), { from: 'user' });
  if (options === undefined) throw new Error('It does nothing.');
  return options;
}

describe('the action for GitHub', () => {
  it('calls commands that there are, with whatever its inputs hold', async () => {
    const { inputs, runs } = await read<Action>('github/action.yml');
    const valueOf = (name: string): string => VALUES[name] ?? inputs[name]?.default ?? `a-${name}`;
    for (const input of Object.values(inputs)) expect(input.required ?? input.default).not.toBeUndefined();
    const steps = runs.steps.filter(({ run }) => run !== undefined);
    const called: string[][] = [];
    for (const { run = '', env = {} } of steps) {
      expect(run).not.toContain('${{');
      const filled = Object.entries(env).map(([name, text]) => [
        name,
        text.replaceAll(/\$\{\{ (?:inputs\.([\w-]+)|[^}]+) \}\}/gu, (_all, input?: string) =>
          input ? valueOf(input) : 'x',
        ),
      ]);
      const variables = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') };
      called.push(...(await callsOf(run, { ...variables, ...(Object.fromEntries(filled) as object) })).calls);
    }
    expect(called.map((words) => words.slice(0, 3).join(' '))).toEqual([
      'npm install --global',
      'sluice deploy checkout',
      'sluice release create',
    ]);
    const [, deploy = [], create = []] = called;
    expect(await parseCall(deploy)).toMatchObject({ command: 'deploy', digest: VALUES['digest'], state: 'installed' });
    expect(await parseCall(create)).toMatchObject({
      command: 'create',
      service: [`checkout@${VALUES['version'] ?? ''}`],
      flag: ['new-cart=on', 'page=large'],
      policy: 'standard',
      wait: true,
      timeout: 7_200_000,
      junit: 'sluice-release.xml',
    });
  });

  it('hands the exit code on', async () => {
    const { runs } = await read<Action>('github/action.yml');
    const script = (runs.steps.find(({ name }) => name === 'Release')?.run ?? '').replace(/^sluice deploy.*$/mu, '');
    const env = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: 's', TIMEOUT: '1s', EXIT_CODE: '4' };
    expect(await callsOf(script, env)).toMatchObject({ code: 4 });
    expect(await readFile(join(folder, 'output'), 'utf8')).toContain('exit-code=4\n');
  });

  it('is used with inputs that it has', async () => {
    const { inputs } = await read<Action>('github/action.yml');
    const { jobs } = await read<Workflow>('github/workflow.yml');
    const given = Object.keys(jobs.release.steps.at(-1)?.with ?? {});
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(given));
    const required = Object.entries(inputs).flatMap(([name, input]) => (input.required === true ? [name] : []));
    expect(given).toEqual(expect.arrayContaining(required));
  });
});

describe('the template for GitLab', () => {
  it('calls commands that there are, with whatever its variables hold', async () => {
    const template = await read<Record<string, Job>>('gitlab/sluice.gitlab-ci.yml');
    const job = template['.sluice-release'];
    const use = template['release-checkout'];
    const variables = { ...job?.variables, ...use?.variables, SLUICE_VERSION: VALUES['version'] ?? '' };
    const script = [...(job?.before_script ?? []), ...(job?.script ?? [])].join('\n');
    const env = { ...variables, SLUICE_DIGEST: VALUES['digest'] ?? '', CI_PIPELINE_URL: 'https://ci.example/7' };
    const { calls, code } = await callsOf(script, env);
    expect(code).toBe(0);
    const [install = [], deploy = [], create = []] = calls;
    expect(install).toEqual(['npm', 'install', '--global', '@sluice/cli@0.1.0']);
    expect(await parseCall(deploy)).toMatchObject({ command: 'deploy', urlOfRun: 'https://ci.example/7' });
    expect(await parseCall(create)).toMatchObject({
      command: 'create',
      service: [`checkout@${VALUES['version'] ?? ''}`],
      wait: true,
      timeout: 7_200_000,
    });
    expect(calls).toHaveLength(3);
  });
});
