import { isGeneratedPrisma, isInServer, isPrismaFolder, roleOf } from '../layout.js';
import { definingFiles, type Import, type Project } from '../project.js';
import { eachSource, violationAt, type Rule } from '../violation.js';

const transports: readonly string[] = ['resolver', 'controller', 'grpc', 'job'];

/** What a file of each role must not know: transport → service → repository, two hops, one way. */
const forbiddenRoles: ReadonlyMap<string, readonly string[]> = new Map([
  ...transports.map((role): [string, readonly string[]] => [role, ['repository']]),
  ['service', transports],
  ['repository', ['service', ...transports]],
]);
/** The roles that leave the database to a repository. */
const withoutDatabase: readonly string[] = [...transports, 'service'];

/** Transports call services, services call repositories; nobody skips a hop or calls back, not even by a type. */
export const callsGoOneHopDown: Rule = eachSource((source, project) => {
  const role = roleOf(source.path);
  const forbidden = forbiddenRoles.get(role ?? '');
  if (!isInServer(source.path) || role === undefined || forbidden === undefined) return [];
  return source.imports.flatMap((each) => {
    const met = rolesMet(each, project).find((other) => forbidden.includes(other));
    if (met === undefined) return [];
    return [violationAt(source, each.line, `a ${role} imports a ${met}: the way is transport → service → repository`)];
  });
});

function rolesMet({ target, names }: Import, project: Project): string[] {
  if (target === undefined) return [];
  return [target, ...names.flatMap((name) => definingFiles(project, target, name))].flatMap(
    (path) => roleOf(path) ?? [],
  );
}

/** Above the repositories nobody knows that Prisma exists. */
export const databaseStaysBelowServices: Rule = eachSource((source) => {
  const role = roleOf(source.path);
  if (!isInServer(source.path) || role === undefined || !withoutDatabase.includes(role)) return [];
  if (isPrismaFolder(source.path)) return [];
  return source.imports
    .filter(isPrismaImport)
    .map((each) => violationAt(source, each.line, `a ${role} imports Prisma: ask a repository`));
});

/** Prisma's types and client are named in repositories and in platform/prisma, and their shapes stay there. */
export const prismaStaysInRepositories: Rule = eachSource((source) => {
  const { path } = source;
  const mayKnowPrisma = isPrismaFolder(path) || /\.repository(\.int\.spec)?\.ts$/.test(path);
  if (!isInServer(path) || mayKnowPrisma) return [];
  return source.imports
    .filter((each) => isPrismaPackage(each) || isGeneratedPrisma(each.target ?? ''))
    .map((each) =>
      violationAt(source, each.line, `'${each.specifier}' is for *.repository.ts and platform/prisma only`),
    );
});

function isPrismaImport(each: Import): boolean {
  return isPrismaPackage(each) || isPrismaFolder(each.target ?? '');
}

function isPrismaPackage({ specifier }: Import): boolean {
  return specifier.startsWith('@prisma/') || specifier === 'pglite-prisma-adapter';
}
