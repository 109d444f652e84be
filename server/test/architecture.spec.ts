import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cases } from './architecture/cases.js';
import { parseProject } from './architecture/project.js';
import { readSources } from './architecture/read-sources.js';
import { rules, type RuleName } from './architecture/rules/index.js';
import { describe as sentenceOf } from './architecture/violation.js';

const names = Object.keys(rules) as RuleName[]; // `rules` is a literal: its keys are exactly the names
const placed = (path: string): string => (path.startsWith('sdk/') ? path : `server/src/${path}`);
const project = (files: Readonly<Record<string, string>>) =>
  parseProject(Object.fromEntries(Object.entries(files).map(([path, text]) => [placed(path), text])));

describe('the code base', () => {
  const sources = readSources(join(import.meta.dirname, '../..'));
  const codeBase = parseProject(sources);

  it('is what the rules look at', () => {
    expect(Object.keys(sources)).toEqual(
      expect.arrayContaining(['sdk/src/evaluation/snapshot.ts', 'server/src/kernel/clock.ts']),
    );
  });

  it.each(names)('%s', (name) => {
    expect(rules[name](codeBase).map(sentenceOf)).toEqual([]);
  });
});

describe('the rules', () => {
  it('are each proved by a case', () => {
    expect(new Set(cases.map((each) => each.rule))).toEqual(new Set(names));
  });

  it.each(cases)('$rule: object to $says', ({ rule, breaks, at }) => {
    const places = rules[rule](project(breaks)).map(({ file, line }) => `${file}:${String(line)}`);
    expect(places.sort()).toEqual(at.map(placed).sort());
  });

  it.each(cases)('$rule: accept code without $says', ({ rule, keeps }) => {
    expect(rules[rule](project(keeps)).map(sentenceOf)).toEqual([]);
  });
});
