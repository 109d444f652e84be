import { Modal, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { useViewerAbilities } from '../components/use-viewer.js';
import { flag as text } from '../text/flag.js';
import { FOCUSED } from '../ui/focused.js';
import { both, may, type May } from '../util/may.js';
import type { InProject } from '../util/path-builder.js';
import { dayOf, readDetails } from './flag-edit.js';

const retireFlag = graphql(
  `
    mutation RetireFlag($input: EditFlagInput!) {
      editFlag(input: $input) {
        node {
          dueAt
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields],
);

/** Gives a flag the date by which it is to be gone. */
export function FlagRetire(props: {
  readonly at: InProject;
  readonly flag: { readonly key: string; readonly version: number };
  /** Proposed: `2026-11-21`. */
  readonly day: string;
  readonly onClose: () => void;
}) {
  const { at, flag, day, onClose } = props;
  const words = text.settings.retire;
  const retired = useCommandForm({
    document: retireFlag,
    initialValues: { dueAt: day },
    version: flag.version,
    // Of what somebody else edited meanwhile nothing is written over: the date alone is sent.
    toVariables: ({ dueAt }, expectedVersion) => ({
      input: { project: at.project, flag: flag.key, expectedVersion, document: { dueAt: `${dueAt}T00:00:00Z` } },
    }),
    readTheirs: async () => {
      const { version, dueAt } = await readDetails(at.project, flag.key);
      return { version, values: { dueAt: dayOf(dueAt) } };
    },
    onDone: () => {
      notifications.show({ message: words.done });
      onClose();
    },
  });
  const isSaid: May =
    retired.form.getValues().dueAt === '' ? { isAllowed: false, reason: text.create.dueHint } : { isAllowed: true };
  return (
    <Modal opened onClose={onClose} title={words.dialog(flag.key)}>
      <CommandForm
        of={retired}
        submit={words.verb}
        may={both(may('flag.write', useViewerAbilities(at)), isSaid)}
        onCancel={onClose}
      >
        <Text>{words.text}</Text>
        <TextInput
          type="date"
          label={text.create.due}
          description={text.create.dueHint}
          {...FOCUSED}
          {...retired.form.getInputProps('dueAt')}
        />
      </CommandForm>
    </Modal>
  );
}
