import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

/** Anything with a kind. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

const page = readFileSync(new URL('../../../../docs/kubernetes.md', import.meta.url), 'utf8');

/** What stands in the fences of docs/kubernetes.md of a language. */
export function fenced(language: string): readonly string[] {
  return [...page.matchAll(/^```(\w+)\n(.*?)^```$/gmsu)].flatMap(([, of, text = '']) =>
    of === language ? [text] : [],
  );
}

/** The manifests of that page. */
export function documented(): readonly Manifest[] {
  return fenced('yaml').flatMap((text) =>
    parseAllDocuments(text).map((document) => {
      const [problem] = document.errors;
      if (problem !== undefined) throw problem;
      // The page's own: a test looks at each.
      return document.toJS() as Manifest;
    }),
  );
}

/** The one manifest of a kind. */
export function documentedOf(kind: string): Manifest {
  const [found, ...others] = documented().filter((each) => each.kind === kind);
  if (found === undefined || others.length > 0) throw new Error(`docs/kubernetes.md has not one ${kind}.`);
  return found;
}
