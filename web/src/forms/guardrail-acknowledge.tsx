import { Checkbox, Modal, Textarea } from '@mantine/core';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { guardrails as text } from '../text/guardrails.js';
import { command } from '../text/shell.js';
import { FOCUSED } from '../ui/focused.js';
import type { InProject } from '../util/path-builder.js';

const acknowledge = graphql(
  `
    mutation AcknowledgeGuardrail($input: AcknowledgeGuardrailInput!) {
      acknowledgeGuardrail(input: $input) {
        node {
          state
          version
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields],
);

interface Props {
  readonly at: InProject & { readonly environment: string };
  readonly guardrail: string;
  readonly onClose: () => void;
}

/** Says that somebody has seen that it is broken, and lets go what it holds where they say so. */
export function GuardrailAcknowledge({ at, guardrail, onClose }: Props) {
  const words = text.act.acknowledgeForm;
  const said = useCommandForm({
    document: acknowledge,
    initialValues: { comment: '', release: false },
    toVariables: (values) => ({ input: { ...at, guardrail, ...values } }),
    onDone: onClose,
  });
  const isSaid = said.form.getValues().comment.trim() !== '';
  return (
    <Modal opened onClose={onClose} title={words.title}>
      <CommandForm
        of={said}
        submit={words.verb}
        may={isSaid ? { isAllowed: true } : { isAllowed: false, reason: command.sayWhy }}
        onCancel={onClose}
      >
        <Textarea label={words.comment} required {...FOCUSED} {...said.form.getInputProps('comment')} />
        <Checkbox label={words.release} {...said.form.getInputProps('release', { type: 'checkbox' })} />
      </CommandForm>
    </Modal>
  );
}
