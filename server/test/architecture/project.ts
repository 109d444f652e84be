import { posix } from 'node:path';
import ts from 'typescript';

/** One `import`, `export … from`, `import()`, `require()` or `import('…').T` of a file. */
export interface Import {
  readonly specifier: string;
  /** What is taken: names as the other file exports them, `*` for everything, nothing for a bare `import './x.js'`. */
  readonly names: readonly string[];
  /** For `export … from`: exported name → name in the other file. `export *` maps `*` to `*`. */
  readonly reexports: ReadonlyMap<string, string>;
  readonly isTypeOnly: boolean;
  readonly line: number;
  /** The repository path a relative specifier leads to; absent for packages. */
  readonly target?: string;
}

export interface Source {
  readonly path: string;
  readonly ast: ts.SourceFile;
  readonly imports: readonly Import[];
}

/** Every file the rules look at, by repository path (`server/src/flags/flag.ts`). */
export type Project = ReadonlyMap<string, Source>;

export function parseProject(texts: Readonly<Record<string, string>>): Project {
  return new Map(Object.entries(texts).map(([path, text]) => [path, parseSource(path, text)]));
}

function parseSource(path: string, text: string): Source {
  const ast = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const imports = nodesOf(ast).flatMap((node) => importOf(path, ast, node) ?? []);
  return { path, ast, imports };
}

/** Every node of a tree, in reading order. */
export function nodesOf(root: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  root.forEachChild((child) => void children.push(child));
  return children.flatMap((child) => [child, ...nodesOf(child)]);
}

export function lineOf(ast: ts.SourceFile, node: ts.Node): number {
  return ast.getLineAndCharacterOfPosition(node.getStart(ast)).line + 1;
}

function importOf(path: string, ast: ts.SourceFile, node: ts.Node): Import | undefined {
  const taken = takenBy(node);
  if (!taken) return undefined;
  const { specifier, names = ['*'], reexports = new Map<string, string>(), isTypeOnly = false } = taken;
  const target = specifier.startsWith('.') ? targetOf(path, specifier) : undefined;
  return { specifier, names, reexports, isTypeOnly, line: lineOf(ast, node), ...(target && { target }) };
}

type Taken = Pick<Import, 'specifier'> & Partial<Pick<Import, 'names' | 'reexports' | 'isTypeOnly'>>;

function takenBy(node: ts.Node): Taken | undefined {
  if (ts.isImportDeclaration(node)) {
    const specifier = literal(node.moduleSpecifier);
    return specifier === undefined ? undefined : { specifier, ...namesImported(node.importClause) };
  }
  if (ts.isExportDeclaration(node)) {
    const specifier = literal(node.moduleSpecifier);
    return specifier === undefined ? undefined : { specifier, ...namesReexported(node) };
  }
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
    const specifier = literal(node.moduleReference.expression);
    return specifier === undefined ? undefined : { specifier, isTypeOnly: node.isTypeOnly };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    const specifier = literal(node.argument.literal);
    const names = node.qualifier ? [node.qualifier.getText().split('.')[0] ?? '*'] : ['*'];
    return specifier === undefined ? undefined : { specifier, names, isTypeOnly: true };
  }
  if (ts.isCallExpression(node) && isImportCall(node)) {
    const specifier = literal(node.arguments[0]);
    return specifier === undefined ? undefined : { specifier };
  }
  return undefined;
}

function isImportCall(call: ts.CallExpression): boolean {
  const callee = call.expression;
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
}

function namesImported(clause: ts.ImportClause | undefined): Pick<Taken, 'names' | 'isTypeOnly'> {
  if (!clause) return { names: [] };
  const names: string[] = clause.name ? ['default'] : [];
  const bindings = clause.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) names.push('*');
  const elements = bindings && ts.isNamedImports(bindings) ? bindings.elements : [];
  names.push(...elements.map((element) => (element.propertyName ?? element.name).text));
  const isClauseTypeOnly = clause.phaseModifier === ts.SyntaxKind.TypeKeyword;
  const areAllTypes = elements.length === names.length && names.length > 0 && elements.every((e) => e.isTypeOnly);
  return { names, isTypeOnly: isClauseTypeOnly || areAllTypes };
}

function namesReexported(node: ts.ExportDeclaration): Pick<Taken, 'names' | 'reexports' | 'isTypeOnly'> {
  const { exportClause, isTypeOnly } = node;
  if (!exportClause) return { names: ['*'], reexports: new Map([['*', '*']]), isTypeOnly };
  if (ts.isNamespaceExport(exportClause)) {
    return { names: ['*'], reexports: new Map([[exportClause.name.text, '*']]), isTypeOnly };
  }
  const pairs = exportClause.elements.map((e): [string, string] => [e.name.text, (e.propertyName ?? e.name).text]);
  return { names: pairs.map(([, inner]) => inner), reexports: new Map(pairs), isTypeOnly };
}

function literal(node: ts.Node | undefined): string | undefined {
  return node && ts.isStringLiteralLike(node) ? node.text : undefined;
}

function targetOf(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts');
}

/** The files that define `name` as `path` exports it: follows `export … from` through barrels. */
export function definingFiles(project: Project, path: string, name: string): string[] {
  const visited = new Set<string>();
  const visit = (file: string, wanted: string): string[] => {
    const key = `${file}#${wanted}`;
    if (visited.has(key)) return [];
    visited.add(key);
    return follow(project, file, wanted, visit);
  };
  return [...new Set(visit(path, name))];
}

function follow(project: Project, path: string, name: string, visit: (file: string, name: string) => string[]) {
  const reexports = project.get(path)?.imports.filter((each) => each.target && each.reexports.size > 0) ?? [];
  const named = reexports.filter((each) => name === '*' || each.reexports.has(name));
  const wildcards = reexports.filter((each) => each.reexports.has('*'));
  const chosen = named.length > 0 ? named : wildcards;
  if (chosen.length === 0) return [path];
  return chosen.flatMap(({ target = path, reexports: names }) =>
    name === '*'
      ? [...names.values()].flatMap((inner) => visit(target, inner))
      : visit(target, names.get(name) ?? name),
  );
}
