import { posix } from 'node:path';
import ts from 'typescript';
import { roleOf, roles } from '../layout.js';
import { nodesOf } from '../project.js';
import { eachSource, violationAt, type Rule } from '../violation.js';

const emptyWord = /(^|[^a-z])(utils?|helpers?|common|managers?)([^a-z]|$)/;
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.ts$/;

/** A file is named in kebab-case for what it exports, never for being useful. */
export const filesAreNamedForTheirExport: Rule = eachSource((source) => {
  const { path } = source;
  const word = emptyWord.exec(path)?.[2];
  const role = roleOf(path);
  if (word !== undefined) return [violationAt(source, 1, `'${word}' says nothing: name the file for its main export`)];
  if (!kebabCase.test(posix.basename(path))) return [violationAt(source, 1, 'file names are kebab-case')];
  if (role !== undefined && !roles.includes(role)) {
    return [violationAt(source, 1, `'.${role}' is no role: use one of ${roles.join(', ')}, or none for a pure file`)];
  }
  return [];
});

/** An export has one name everywhere. */
export const exportsAreNamed: Rule = eachSource((source) =>
  nodesOf(source.ast)
    .filter(isDefaultExport)
    .map((node) => violationAt(source, node, 'default export: export it by its name')),
);

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportSpecifier(node)) return node.name.text === 'default';
  return ts.canHaveModifiers(node) && !!ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.DefaultKeyword);
}

/** A closed set of words is a union of strings. */
export const wordsAreUnions: Rule = eachSource((source) =>
  nodesOf(source.ast)
    .filter(ts.isEnumDeclaration)
    .map((node) => violationAt(source, node, `enum ${node.name.text}: use a union of strings`)),
);

/** An interface is named for what it is, not for being an interface. */
export const interfacesHaveNoPrefix: Rule = eachSource((source) =>
  nodesOf(source.ast)
    .filter(ts.isInterfaceDeclaration)
    .filter((node) => /^I[A-Z][a-z]/.test(node.name.text))
    .map((node) => violationAt(source, node, `${node.name.text}: drop the I`)),
);
