import { posix } from 'node:path';

/** Left to right: a folder imports only folders to its left. */
export const layers = [
  'kernel',
  'platform',
  'audit',
  'projects',
  'auth',
  'events',
  'segments',
  'flags',
  'telemetry',
  'analysis',
  'parallel-runs',
  'deployments',
  'policies',
  'guardrails',
  'rollouts',
  'releases',
] as const;

/** They read through readers and events, and nobody imports them. */
export const leaves: readonly string[] = ['delivery', 'traffic', 'notifications', 'backups'];

/** The few files at the root of server/src. They wire or start the whole, so they may import anything. */
export const rootFiles: readonly string[] = [
  'main.ts',
  'app.module.ts',
  'start-server.ts',
  'print-openapi.ts',
  'print-graphql.ts',
];

export const roles: readonly string[] = [
  'module',
  'service',
  'repository',
  'resolver',
  'controller',
  'grpc',
  'job',
  'guard',
  'filter',
  'decorator',
  'provider',
  'adapter',
  'spec',
];

const serverRoot = 'server/src/';
const evaluationRoot = 'sdk/src/evaluation/';
const comparisonRoot = 'sdk/src/comparison/';
/** Files of the SDK that it shares with the server. */
const pureSdkFiles: readonly string[] = [
  'sdk/src/telemetry/batch.ts',
  'sdk/src/telemetry/ddsketch.ts',
  'sdk/src/parallel-run/report.ts',
];
/** Many small files, each imported directly; the other folders are modules that show only their index.ts. */
const foldersWithoutIndex: readonly string[] = ['kernel', 'platform', 'transport'];

export function isInServer(path: string): boolean {
  return path.startsWith(serverRoot);
}

export function isInEvaluation(path: string): boolean {
  return path.startsWith(evaluationRoot);
}

/** `flags` for server/src/flags/…; undefined outside server/src and for the files at its root. */
export function folderOf(path: string): string | undefined {
  if (!isInServer(path)) return undefined;
  const [folder, ...rest] = path.slice(serverRoot.length).split('/');
  return rest.length > 0 ? folder : undefined;
}

export function isRootFile(path: string): boolean {
  return isInServer(path) && folderOf(path) === undefined;
}

export function isKnownFolder(folder: string): boolean {
  return layers.some((layer) => layer === folder) || leaves.includes(folder) || folder === 'transport';
}

/** A folder that shows the others its index.ts only. */
export function hasIndex(folder: string): boolean {
  return !foldersWithoutIndex.includes(folder);
}

/** `service` for flags.service.ts, `spec` for flags.repository.int.spec.ts, undefined for flag.ts. */
export function roleOf(path: string): string | undefined {
  return posix.basename(path).split('.').slice(1, -1).at(-1);
}

export function isSpec(path: string): boolean {
  return roleOf(path) === 'spec';
}

/** Whether the file must be pure: a file without a role in the kernel, in a capability or in what the SDK shares. */
export function isPure(path: string): boolean {
  if (roleOf(path) !== undefined) return false;
  if (isInEvaluation(path) || path.startsWith(comparisonRoot) || pureSdkFiles.includes(path)) return true;
  const folder = folderOf(path);
  if (folder === undefined || folder === 'platform' || folder === 'transport') return false;
  return posix.basename(path) !== 'index.ts';
}

export function isPrismaFolder(path: string): boolean {
  return path.startsWith('server/src/platform/prisma/');
}

export function isGeneratedPrisma(path: string): boolean {
  return path.startsWith('server/src/platform/prisma/generated/');
}
