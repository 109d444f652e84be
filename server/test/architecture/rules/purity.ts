import ts from 'typescript';
import { isNamed, isReference, memberOf } from '../identifiers.js';
import { folderOf, isInEvaluation, isPrismaFolder, isPure, isSpec, roleOf } from '../layout.js';
import { definingFiles, nodesOf, type Import, type Project, type Source } from '../project.js';
import { eachSource, violationAt, type Rule } from '../violation.js';

/** Packages that answer from their arguments alone. */
const purePackages: readonly string[] = [
  '@sluice/sdk/comparison',
  '@sluice/sdk/ddsketch',
  '@sluice/sdk/evaluation',
  '@stdlib/math-base-special-gammaln',
  '@stdlib/stats-base-dists-normal-cdf',
  '@stdlib/stats-base-dists-normal-quantile',
  'canonicalize',
  'json-p3',
  'redos-detector',
  'secure-json-parse',
  'zod',
];
/** Packages whose types a pure file may name. */
const pureTypePackages: readonly string[] = ['@sluice/sdk'];

/** A pure file imports the kernel, other pure files, a short list of packages, and the platform's ports. */
export const pureFilesImportPureFiles: Rule = eachSource((source, project) => {
  if (!isPure(source.path)) return [];
  return source.imports
    .filter((each) => !isPureImport(each, project))
    .map((each) =>
      violationAt(source, each.line, `pure file imports '${each.specifier}': pass what it needs as an argument`),
    );
});

function isPureImport(each: Import, project: Project): boolean {
  const { target, specifier, isTypeOnly, names } = each;
  if (target === undefined) {
    return purePackages.includes(specifier) || (isTypeOnly && pureTypePackages.includes(specifier));
  }
  if (folderOf(target) === 'platform') return isPort(target, isTypeOnly, project);
  return names.flatMap((name) => definingFiles(project, target, name)).every((path) => isPure(path));
}

/** A port of the platform: by its type always, by its value where its file does nothing and leads to nothing that does. */
function isPort(path: string, isTypeOnly: boolean, project: Project): boolean {
  if (isPrismaFolder(path)) return false;
  if (isTypeOnly) return true;
  const source = project.get(path);
  if (!source || roleOf(path) !== undefined || ambienceIn(source).length > 0) return false;
  return source.imports.every((each) => isPureImport(each, project));
}

/** The evaluator is also the SDK's and the browser's: it imports nothing outside its folder. */
export const evaluationStandsAlone: Rule = eachSource((source) => {
  if (!isInEvaluation(source.path) || isSpec(source.path)) return [];
  return source.imports
    .filter(({ target }) => target === undefined || !isInEvaluation(target))
    .map((each) => violationAt(source, each.line, `the evaluator imports '${each.specifier}' from outside its folder`));
});

/** Ambient names that bring time, randomness, input or output; `Date.now` bans the member, `console` the whole. */
const impureNames: ReadonlyMap<string, readonly string[] | 'all'> = new Map<string, readonly string[] | 'all'>([
  ['process', 'all'],
  ['console', 'all'],
  ['performance', 'all'],
  ['fetch', 'all'],
  ['setTimeout', 'all'],
  ['setInterval', 'all'],
  ['setImmediate', 'all'],
  ['queueMicrotask', 'all'],
  ['globalThis', 'all'],
  ['Date', ['now']],
  ['Math', ['random']],
  ['crypto', ['randomUUID', 'getRandomValues', 'subtle']],
]);

/** Time, ids, randomness and settings reach a pure file as arguments. */
export const pureFilesAskNoAmbience: Rule = eachSource((source) => {
  if (!isPure(source.path)) return [];
  return ambienceIn(source).map(({ node, name }) =>
    violationAt(source, node, `pure file uses ${name}: pass its answer as an argument`),
  );
});

function ambienceIn(source: Source): { readonly node: ts.Node; readonly name: string }[] {
  const nodes = nodesOf(source.ast);
  const declared = new Set(nodes.flatMap((node) => declaredName(node) ?? []));
  return nodes.flatMap((node) => {
    const name = ambienceOf(node);
    return name === undefined || declared.has(name.split('.')[0] ?? name) ? [] : [{ node, name }];
  });
}

function ambienceOf(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && isNamed(node.expression, 'Date') && !node.arguments?.length) return 'new Date()';
  if (ts.isCallExpression(node) && isNamed(node.expression, 'Date')) return 'Date()';
  if (!ts.isIdentifier(node) || !isReference(node)) return undefined;
  const impure = impureNames.get(node.text);
  if (impure === undefined) return undefined;
  if (impure === 'all') return node.text;
  const member = memberOf(node);
  return member !== undefined && impure.includes(member) ? `${node.text}.${member}` : undefined;
}

function declaredName(node: ts.Node): string | undefined {
  const isDeclaration =
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isImportSpecifier(node);
  return isDeclaration && node.name && ts.isIdentifier(node.name) ? node.name.text : undefined;
}
