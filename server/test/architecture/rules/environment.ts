import ts from 'typescript';
import { isReference, memberOf } from '../identifiers.js';
import { isInServer, isSpec } from '../layout.js';
import { nodesOf, type Source } from '../project.js';
import { eachSource, violationAt, type Rule } from '../violation.js';

const reader = 'server/src/platform/config/config.ts';
const sentence = `only platform/config/config.ts reads the environment: inject the section that holds the setting`;

/** The environment has one reader. A use of `process` that hides its member counts as reading it. */
export const environmentIsReadOnce: Rule = eachSource((source) => {
  if (!isInServer(source.path) || source.path === reader || isSpec(source.path)) return [];
  return [...imported(source), ...used(source)].map((where) => violationAt(source, where, sentence));
});

function imported(source: Source): number[] {
  return source.imports.filter((each) => /^(node:)?process$/.test(each.specifier)).map((each) => each.line);
}

function used(source: Source): ts.Node[] {
  return nodesOf(source.ast).filter((node) => {
    if (!ts.isIdentifier(node)) return false;
    if (node.text === 'process' && isReference(node)) return ['env', undefined].includes(memberOf(node));
    return node.text === 'globalThis' && memberOf(node) === 'process';
  });
}
