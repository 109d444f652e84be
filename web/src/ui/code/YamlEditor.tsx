import { yaml } from '@codemirror/lang-yaml';
import { linter } from '@codemirror/lint';
import type { ComponentProps } from 'react';
import { CodeEditor, type Language } from './CodeEditor.js';
import { readDocument } from './read-yaml.js';

/** JSON is YAML too, in its colours at least. */
const language: Language = [
  yaml(),
  linter(({ state: { doc } }) => {
    const read = readDocument(doc.toString());
    if (read.kind !== 'wrong') return [];
    const line = doc.line(Math.min(read.place?.line ?? 1, doc.lines));
    const from = Math.min(line.from + (read.place?.column ?? 1) - 1, line.to);
    return [{ from, to: line.to, severity: 'error', message: read.message }];
  }),
];

/** Use DocumentEditor, which loads this when it is needed. */
export function YamlEditor(props: Omit<ComponentProps<typeof CodeEditor>, 'language'>) {
  return <CodeEditor {...props} language={language} />;
}
