import { Checkbox, Modal, TextInput } from '@mantine/core';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { environments as text } from '../text/environments.js';
import { FOCUSED } from '../ui/focused.js';

const createEnvironment = graphql(
  `
    mutation CreateEnvironment($input: CreateEnvironmentInput!) {
      createEnvironment(input: $input) {
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

/** Makes an environment; every flag is off there. */
export function EnvironmentCreate({ project, onClose }: { readonly project: string; readonly onClose: () => void }) {
  const words = text.create;
  const created = useCommandForm({
    document: createEnvironment,
    initialValues: { key: '', name: '', production: false },
    toVariables: ({ key, name, production }) => ({
      input: { project, document: { key: key.trim(), production, ...(name.trim() !== '' && { name: name.trim() }) } },
    }),
    onDone: onClose,
  });
  const { form } = created;
  return (
    <Modal opened onClose={onClose} title={words.title}>
      <CommandForm of={created} submit={words.submit} onCancel={onClose}>
        <TextInput
          label={words.key}
          description={words.keyHint}
          required
          autoComplete="off"
          spellCheck={false}
          {...FOCUSED}
          {...form.getInputProps('key')}
        />
        <TextInput label={words.name} description={words.nameHint} autoComplete="off" {...form.getInputProps('name')} />
        <Checkbox
          label={words.production}
          description={words.productionHint}
          {...form.getInputProps('production', { type: 'checkbox' })}
        />
      </CommandForm>
    </Modal>
  );
}
