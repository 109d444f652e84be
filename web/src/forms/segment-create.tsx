import { Modal, TextInput } from '@mantine/core';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { segments } from '../text/segments.js';
import { FOCUSED } from '../ui/focused.js';
import type { May } from '../util/may.js';

const createSegment = graphql(
  `
    mutation CreateSegment($input: CreateSegmentInput!) {
      createSegment(input: $input) {
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
  readonly may: May;
  readonly onDone: (key: string) => void;
  readonly onClose: () => void;
}

const text = segments.create;

/** Makes a segment without anybody in it; its page, which comes next, says who belongs. */
export function SegmentCreate({ project, may, onDone, onClose }: Props) {
  const made = useCommandForm({
    document: createSegment,
    initialValues: { key: '', name: '' },
    toVariables: ({ key, name }) => ({
      input: { project, document: { key, ...(name.trim() !== '' && { name }) } },
    }),
    onDone: ({ key }) => onDone(key),
  });
  const { form } = made;
  return (
    <Modal opened onClose={onClose} title={text.title}>
      <CommandForm of={made} submit={text.submit} may={may} onCancel={onClose}>
        <TextInput label={text.key} description={text.keyRule} {...FOCUSED} {...form.getInputProps('key')} />
        <TextInput label={text.name} {...form.getInputProps('name')} />
      </CommandForm>
    </Modal>
  );
}
