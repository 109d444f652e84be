import ts from 'typescript';
import { isInServer } from '../layout.js';
import { nodesOf, type Source } from '../project.js';
import { eachSource, violationAt, type Rule } from '../violation.js';

const declarations = 'server/src/transport/require-permission.decorator.ts';
const routes: readonly string[] = [
  ...['Get', 'Post', 'Put', 'Patch', 'Delete', 'Head', 'Options', 'All', 'Sse'],
  ...['Query', 'Mutation', 'Subscription', 'ResolveField'],
];

/** Every route and every resolver field says, on the method or its class, who may call it. */
export const routesDeclareTheirPermission: Rule = eachSource((source) => {
  if (!isInServer(source.path)) return [];
  const declaring = declaringNames(source);
  return nodesOf(source.ast)
    .filter(ts.isMethodDeclaration)
    .filter((method) => decoratorsOf(method).some((name) => routes.includes(name)))
    .filter((method) => ![...decoratorsOf(method), ...decoratorsOf(method.parent)].some((name) => declaring.has(name)))
    .map((method) =>
      violationAt(
        source,
        method.name,
        `${method.name.getText()} declares no @RequirePermission(…) and is neither @AnyCaller() nor @Public()`,
      ),
    );
});

/** The three decorators, where they are the real ones: a namesake from elsewhere declares nothing. */
function declaringNames(source: Source): ReadonlySet<string> {
  const names = source.imports.filter(({ target }) => target === declarations).flatMap((each) => each.names);
  return new Set(names.filter((name) => ['RequirePermission', 'AnyCaller', 'Public'].includes(name)));
}

function decoratorsOf(node: ts.Node): string[] {
  const decorators = ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : [];
  return decorators.map(({ expression }) =>
    ts.isCallExpression(expression) ? expression.expression.getText() : expression.getText(),
  );
}
