import { Alert, Code } from '@mantine/core';
import type { ComponentProps, ReactNode } from 'react';
import { CommandForm } from '../components/CommandForm.js';
import { useViewerAbilities } from '../components/use-viewer.js';
import { guardrails as text } from '../text/guardrails.js';
import { JsonEditor } from '../ui/JsonEditor.js';
import type { Problem } from '../util/field-errors.js';
import { lineOfPointer } from '../util/locate-pointer.js';
import { both, may, type May } from '../util/may.js';
import type { InProject } from '../util/path-builder.js';
import { readJson } from '../util/read-json.js';

/** A guardrail while it is written. */
export interface WrittenGuardrail {
  readonly document: string;
}

/** Parts of the document to its field; each problem is told with its place under it. */
export const PLACES = Object.fromEntries(
  ['', 'key', 'environment', 'name', 'statement', 'intervalSeconds', 'failureLimit', 'recoveryLimit', 'onBroken'].map(
    (name) => [`/${name}`, 'document'],
  ),
);

const words = text.form;

interface Props {
  readonly at: InProject;
  readonly of: ComponentProps<typeof CommandForm>['of'] & {
    readonly form: {
      readonly getValues: () => WrittenGuardrail;
      readonly setFieldValue: (name: 'document', value: string) => void;
    };
    readonly refusals: readonly Problem[];
  };
  readonly submit: string;
  readonly onCancel: () => void;
  readonly children?: ReactNode;
}

/** The document of a guardrail as a form, and what is wrong with it, line by line. */
export function GuardrailDocument({ at, of, submit, onCancel, children }: Props) {
  const { document } = of.form.getValues();
  const isJson = readJson(document).kind === 'value';
  const mayRead: May = isJson ? { isAllowed: true } : { isAllowed: false, reason: words.noJson };
  const placed = of.refusals.filter(({ pointer }) => pointer !== null);
  return (
    <CommandForm
      of={of}
      submit={submit}
      may={both(may('guardrail.write', useViewerAbilities(at)), mayRead)}
      onCancel={onCancel}
    >
      {children}
      <JsonEditor
        label={words.document}
        description={words.hint}
        value={document}
        onChange={(next) => of.form.setFieldValue('document', next)}
        error={placed.length > 0 ? words.refused : undefined}
      />
      {placed.length > 0 && (
        <Alert color="red" role="alert" py="xs" aria-label={words.problems}>
          <ul>
            {placed.map(({ pointer, message }) => {
              const line = lineOfPointer(document, pointer ?? '');
              return (
                <li key={`${pointer} ${message}`}>
                  {line !== undefined && words.line(line)} <Code>{pointer === '' ? '/' : pointer}</Code> {message}
                </li>
              );
            })}
          </ul>
        </Alert>
      )}
    </CommandForm>
  );
}
