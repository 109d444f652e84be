import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseProject, type Source } from '../../server/test/architecture/project.js';

const SRC = 'web/src/';

interface Rule {
  /** Folders of web/src that a folder may import, beside itself. */
  readonly folders: readonly string[];
  /** Packages that it must not know of. */
  readonly not?: RegExp;
}

const APPLICATION = /^(?:@urql\/|urql$|gql\.tada|graphql|@tanstack\/react-router)/u;

/** What is at the root wires the whole and may import anything. */
const RULES: Readonly<Record<string, Rule>> = {
  text: { folders: [], not: /./u },
  // Pure: no package at all.
  util: { folders: [], not: /./u },
  ui: { folders: ['util', 'text'], not: APPLICATION },
  api: { folders: ['util'], not: /^@mantine\// },
  components: { folders: ['api', 'ui', 'util', 'text'] },
  forms: { folders: ['components', 'api', 'ui', 'util', 'text'] },
  pages: { folders: ['forms', 'components', 'api', 'ui', 'util', 'text'] },
};

/** Each breach as a line. */
function breaches(sources: Iterable<Source>): string[] {
  return [...sources].flatMap(({ path, imports, ast }) => {
    if (path.endsWith('.spec.ts')) return [];
    const folder = folderOf(path);
    const rule = RULES[folder];
    const isDefault = /^export default\b/mu.test(ast.text) ? [`${path}: has a default export`] : [];
    if (rule === undefined) return folder === '' ? isDefault : [`${path}: is in a folder that no rule knows`];
    return [
      ...isDefault,
      ...imports.flatMap(({ target, specifier, line }) => {
        const at = `${path}:${line}`;
        if (target === undefined)
          return rule.not?.test(specifier) === true ? [`${at}: ${folder} takes ${specifier}`] : [];
        const other = folderOf(target);
        if (other === folder) return isOtherPage(path, target) ? [`${at}: a page takes another area's`] : [];
        return rule.folders.includes(other) ? [] : [`${at}: ${folder} takes ${other}`];
      }),
    ];
  });
}

/** Pages of different areas share what is in components. */
function isOtherPage(path: string, target: string): boolean {
  return folderOf(path) === 'pages' && path.split('/')[3] !== target.split('/')[3];
}

/** `pages` for web/src/pages/…; '' for what is at the root. */
function folderOf(path: string): string {
  const [folder = '', ...rest] = path.slice(SRC.length).split('/');
  return rest.length > 0 ? folder : '';
}

const of = (files: Readonly<Record<string, string>>) =>
  breaches(parseProject(Object.fromEntries(Object.entries(files).map(([path, text]) => [SRC + path, text]))).values());

describe('the web application', () => {
  it('keeps its layers', () => {
    const root = join(import.meta.dirname, '../..');
    const paths = globSync(`${SRC}**/*.{ts,tsx}`, { cwd: root }).map((path) => path.split(sep).join('/'));
    expect(paths).toEqual(expect.arrayContaining([`${SRC}routes.tsx`, `${SRC}ui/DataTable.tsx`]));
    const texts = paths
      .filter((path) => !path.endsWith('.d.ts'))
      .map((path): [string, string] => [path, readFileSync(join(root, path), 'utf8')]);
    expect(breaches(parseProject(Object.fromEntries(texts)).values())).toEqual([]);
  });
});

describe('the rules', () => {
  it.each<[string, string, string, string]>([
    ['ui that knows the API', 'ui/Badge.tsx', `import { client } from '../api/client.js';`, 'ui takes api'],
    [
      'ui that knows the router',
      'ui/Badge.tsx',
      `import { Link } from '@tanstack/react-router';`,
      'ui takes @tanstack',
    ],
    ['a component that knows a page', 'components/A.tsx', `import { Page } from '../pages/a/APage.js';`, 'takes pages'],
    [
      'a component that knows a form',
      'components/A.tsx',
      `import { F } from '../forms/a.js';`,
      'components takes forms',
    ],
    ['util that is not pure', 'util/a.ts', `import { useState } from 'react';`, 'util takes react'],
    ['text that is computed', 'text/a.ts', `import { b } from '../util/b.js';`, 'text takes util'],
    ['a page of another area', 'pages/a/APage.tsx', `import { b } from '../b/b.js';`, 'another area'],
    ['a default export', 'ui/A.tsx', `export default function A() {}`, 'default export'],
    ['a folder of its own', 'helpers/a.ts', `export const a = 1;`, 'no rule knows'],
  ])('object to %s', (_name, path, text, words) => {
    expect(of({ [path]: text })).toEqual([expect.stringContaining(words)]);
  });

  it('accept a page that takes what is below it, and its own area', () => {
    const text = `import { a } from './a.js'; import { b } from '../../forms/b.js'; import { c } from '../../ui/C.js';`;
    expect(of({ 'pages/a/APage.tsx': text })).toEqual([]);
  });
});
