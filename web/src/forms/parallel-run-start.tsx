import { Modal, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { parallelRun as text } from '../text/parallel-run.js';
import { JsonEditor } from '../ui/JsonEditor.js';
import { FOCUSED } from '../ui/focused.js';
import type { InProject } from '../util/path-builder.js';
import { readJson } from '../util/read-json.js';

const start = graphql(
  `
    mutation StartParallelRun($input: StartParallelRunInput!) {
      startParallelRun(input: $input) {
        node {
          id
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
  readonly run: string;
  readonly onClose: () => void;
}

const DEFAULT_POLICY = 'parallel-run';

/** Samples a run as a policy says, by a release. */
export function ParallelRunStart({ at, run, onClose }: Props) {
  const words = text.act.startForm;
  const asked = useCommandForm({
    document: start,
    initialValues: { policy: DEFAULT_POLICY, arguments: '' },
    toVariables: (values) => {
      const given = readJson(values.arguments);
      return {
        input: { ...at, run, policy: values.policy, ...(given.kind === 'value' && { arguments: given.value }) },
      };
    },
    onDone: () => {
      notifications.show({ message: words.done });
      onClose();
    },
  });
  const isWrong = readJson(asked.form.getValues().arguments).kind === 'wrong';
  return (
    <Modal opened onClose={onClose} title={words.title(at.environment)}>
      <CommandForm
        of={asked}
        submit={words.verb}
        may={isWrong ? { isAllowed: false, reason: words.badArguments } : { isAllowed: true }}
        onCancel={onClose}
      >
        <Text size="sm">{words.text}</Text>
        <TextInput
          label={words.policy}
          description={words.policyHint}
          {...FOCUSED}
          {...asked.form.getInputProps('policy')}
        />
        <JsonEditor
          label={words.arguments}
          description={words.argumentsHint}
          {...asked.form.getInputProps('arguments')}
          {...(isWrong && { error: words.badArguments })}
        />
      </CommandForm>
    </Modal>
  );
}
