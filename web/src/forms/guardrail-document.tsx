import { type ComponentProps, type ReactNode, useMemo } from 'react';
import { CommandForm } from '../components/CommandForm.js';
import { DocumentField, mayRead } from '../components/DocumentField.js';
import { useViewerAbilities } from '../components/use-viewer.js';
import { guardrails as text } from '../text/guardrails.js';
import { useReadDocument } from '../ui/use-read-document.js';
import type { Problem } from '../util/field-errors.js';
import { both, may } from '../util/may.js';
import type { InProject } from '../util/path-builder.js';

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
    readonly sent: WrittenGuardrail | undefined;
  };
  readonly submit: string;
  readonly onCancel: () => void;
  readonly children?: ReactNode;
}

/** The document of a guardrail as a form, and what is wrong with it, line by line. */
export function GuardrailDocument({ at, of, submit, onCancel, children }: Props) {
  const { document } = of.form.getValues();
  const reader = useReadDocument();
  const read = useMemo(() => reader(document), [reader, document]);
  const placed = of.refusals.filter(({ pointer }) => pointer !== null);
  return (
    <CommandForm
      of={of}
      submit={submit}
      may={both(may('guardrail.write', useViewerAbilities(at)), mayRead(words.document, read))}
      onCancel={onCancel}
    >
      {children}
      <DocumentField
        label={words.document}
        hint={words.hint}
        value={document}
        read={read}
        onChange={(next) => of.form.setFieldValue('document', next)}
        sent={of.sent?.document}
        problems={placed}
      />
    </CommandForm>
  );
}
