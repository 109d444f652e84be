import { Checkbox, Modal, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { client } from '../api/client.js';
import { graphql } from '../api/graphql.js';
import { liveQuery, load, present } from '../api/live-query.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { useViewerAbilities } from '../components/use-viewer.js';
import { environments as text } from '../text/environments.js';
import { command } from '../text/shell.js';
import { FOCUSED } from '../ui/focused.js';
import { both, may, type May } from '../util/may.js';

const environmentQuery = liveQuery(
  graphql(`
    query StoredEnvironment($project: String!, $environment: String!) {
      project(key: $project) {
        environment(key: $environment) {
          name
          production
          version
        }
      }
    }
  `),
  ['environment'],
);

const editEnvironment = graphql(
  `
    mutation EditEnvironment($input: EditEnvironmentInput!) {
      editEnvironment(input: $input) {
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
  readonly environment: {
    readonly key: string;
    readonly name: string;
    readonly production: boolean;
    readonly version: number;
  };
  readonly onClose: () => void;
}

/** Renames an environment, or says whether it is of production: its key must be typed before it is that no more. */
export function EnvironmentEdit({ project, environment, onClose }: Props) {
  const { key, name, production, version } = environment;
  const words = text.create;
  const edited = useCommandForm({
    document: editEnvironment,
    initialValues: { name, production, confirmed: '' },
    version,
    toVariables: (values, expectedVersion) => ({
      input: {
        ...{ project, environment: key, expectedVersion },
        document: { name: values.name.trim(), production: values.production },
      },
    }),
    readTheirs: async () => {
      const read = await load(client, environmentQuery, { project, environment: key }, 'network-only');
      const theirs = present(read.project?.environment);
      return {
        version: theirs.version,
        values: { name: theirs.name, production: theirs.production, confirmed: '' },
      };
    },
    toShown: (values) => ({ name: values.name, production: values.production }),
    onDone: () => {
      notifications.show({ message: text.edit.done(key) });
      onClose();
    },
  });
  const { form } = edited;
  const values = form.getValues();
  const isLoosened = production && !values.production;
  const isConfirmed: May =
    isLoosened && values.confirmed !== key
      ? { isAllowed: false, reason: `${command.confirmName(key)}.` }
      : { isAllowed: true };
  const mayEdit = both(may('environment.write', useViewerAbilities({ project, environment: key })), isConfirmed);
  return (
    <Modal opened onClose={onClose} title={text.edit.of(key)}>
      <CommandForm of={edited} may={mayEdit} onCancel={onClose} {...(isLoosened && { color: 'red' })}>
        <TextInput label={words.name} autoComplete="off" {...FOCUSED} {...form.getInputProps('name')} />
        <Checkbox
          label={words.production}
          description={words.productionHint}
          {...form.getInputProps('production', { type: 'checkbox' })}
        />
        {isLoosened && (
          <TextInput
            label={command.confirmName(key)}
            description={text.edit.lessCare}
            autoComplete="off"
            {...form.getInputProps('confirmed')}
          />
        )}
      </CommandForm>
    </Modal>
  );
}
