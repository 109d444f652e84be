import { formatTable } from './format.js';

/** A place where services run, as the REST API answers it; only what the command reads of it. */
export interface EnvironmentView {
  readonly key: string;
  readonly name: string;
  readonly production: boolean;
  /** Grows with all that evaluators can see. */
  readonly revision: number;
  readonly createdAt: string;
}

/** Environments as a table. */
export function renderEnvironments(environments: readonly EnvironmentView[]): readonly string[] {
  const rows = environments.map((each) => [each.key, each.name, kindOf(each), String(each.revision), each.createdAt]);
  return formatTable([['KEY', 'NAME', 'KIND', 'REVISION', 'SINCE'], ...rows]);
}

/** One, by its fields. */
export function renderEnvironment(environment: EnvironmentView): readonly string[] {
  const { key, name, revision, createdAt } = environment;
  return formatTable([
    ['key', key],
    ['name', name],
    ['kind', kindOf(environment)],
    ['revision', String(revision)],
    ['since', createdAt],
  ]);
}

/** `development and production`; `no environment` of none. */
export function environmentWords(environments: readonly EnvironmentView[]): string {
  const keys = environments.map(({ key }) => key);
  return keys.length === 0 ? 'no environment' : new Intl.ListFormat('en').format(keys);
}

function kindOf({ production }: EnvironmentView): string {
  return production ? 'production' : 'not production';
}
