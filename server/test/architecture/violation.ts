import type ts from 'typescript';
import { lineOf, type Project, type Source } from './project.js';

export interface Violation {
  readonly file: string;
  readonly line: number;
  /** Says what is wrong and what to do instead. */
  readonly sentence: string;
}

/** Answers every place where the project breaks one rule of STYLE.md. */
export type Rule = (project: Project) => Violation[];

export function violationAt(source: Source, where: ts.Node | number, sentence: string): Violation {
  const line = typeof where === 'number' ? where : lineOf(source.ast, where);
  return { file: source.path, line, sentence };
}

export function describe({ file, line, sentence }: Violation): string {
  return `${file}:${String(line)} ${sentence}`;
}

/** A rule that looks at one file at a time. */
export function eachSource(check: (source: Source, project: Project) => Violation[]): Rule {
  return (project) => [...project.values()].flatMap((source) => check(source, project));
}
