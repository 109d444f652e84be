import { Modal, TextInput } from '@mantine/core';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { services as text } from '../text/services.js';
import { FOCUSED } from '../ui/focused.js';

const createService = graphql(
  `
    mutation CreateService($input: CreateServiceInput!) {
      createService(input: $input) {
        node {
          key
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
  readonly project: string;
  readonly onDone: (key: string) => void;
  readonly onClose: () => void;
}

export function ServiceCreate({ project, onDone, onClose }: Props) {
  const words = text.createForm;
  const made = useCommandForm({
    document: createService,
    initialValues: { key: '', name: '' },
    toVariables: ({ key, name }) => ({
      input: { project, key: key.trim(), name: name.trim() === '' ? null : name.trim() },
    }),
    onDone: ({ key }) => onDone(key),
  });
  return (
    <Modal opened onClose={onClose} title={words.title}>
      <CommandForm of={made} submit={words.verb} onCancel={onClose}>
        <TextInput
          label={words.key}
          description={words.keyHint}
          required
          {...FOCUSED}
          autoComplete="off"
          {...made.form.getInputProps('key')}
        />
        <TextInput label={words.name} description={words.nameHint} {...made.form.getInputProps('name')} />
      </CommandForm>
    </Modal>
  );
}
