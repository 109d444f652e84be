import { Alert, Modal, NumberInput, SimpleGrid, Textarea, TextInput, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { parallelRun as text } from '../text/parallel-run.js';
import { type RunSettings, settingsDocument, writtenSettings } from '../util/run-settings-text.js';
import type { InProject } from '../util/path-builder.js';

const edit = graphql(
  `
    mutation EditParallelRunSettings($input: EditParallelRunSettingsInput!) {
      editParallelRunSettings(input: $input) {
        node {
          epoch
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
  readonly run: string;
  readonly settings: RunSettings & { readonly version: number };
  /** Reads what is stored now. */
  readonly readTheirs: () => Promise<RunSettings & { readonly version: number }>;
  readonly onClose: () => void;
}

/** Edits what a run demands in an environment, what it may cost, and who gets the new code's answer. */
export function ParallelRunSettings({ at, run, settings, readTheirs, onClose }: Props) {
  const words = text.settings;
  const edited = useCommandForm({
    document: edit,
    initialValues: writtenSettings(settings),
    version: settings.version,
    toVariables: (values, expectedVersion) => ({
      input: { ...at, run, expectedVersion, document: settingsDocument(values) },
    }),
    readTheirs: async () => {
      const theirs = await readTheirs();
      return { version: theirs.version, values: writtenSettings(theirs) };
    },
    onDone: () => {
      notifications.show({ message: words.done });
      onClose();
    },
  });
  const { form } = edited;
  const demand = ['tolerance', 'alpha', 'alphaKill', 'unansweredTolerance', 'latencyMargin'] as const;
  const runner = ['twinShare', 'deadlineMs', 'maxConcurrent', 'windowSeconds'] as const;
  return (
    <Modal opened onClose={onClose} title={words.title} size="xl">
      <CommandForm of={edited} onCancel={onClose}>
        <Title order={3} size="h4">
          {words.demand}
        </Title>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
          {demand.map((name) => (
            <NumberInput
              key={name}
              label={words[name]}
              min={0}
              hideControls
              {...(name === 'latencyMargin' && { description: words.latencyHint })}
              {...form.getInputProps(`demand.${name}`)}
            />
          ))}
          <Textarea label={words.strata} description={words.strataHint} {...form.getInputProps('demand.strata')} />
        </SimpleGrid>
        <Alert color="yellow" py="xs">
          {words.epoch}
        </Alert>
        <Title order={3} size="h4">
          {words.runner}
        </Title>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
          <NumberInput label={words.addedMs} min={0} hideControls {...form.getInputProps('runner.budget.addedMs')} />
          <NumberInput
            label={words.loopDelayMs}
            min={0}
            hideControls
            {...form.getInputProps('runner.budget.loopDelayMs')}
          />
          {runner.map((name) => (
            <NumberInput
              key={name}
              label={words[name]}
              min={0}
              hideControls
              {...form.getInputProps(`runner.${name}`)}
            />
          ))}
          <TextInput
            label={words.serveFlag}
            description={words.serveHint}
            {...form.getInputProps('runner.serve.flag')}
          />
          <TextInput label={words.serveVariation} {...form.getInputProps('runner.serve.variation')} />
        </SimpleGrid>
        <Textarea label={words.rawPaths} description={words.rawHint} {...form.getInputProps('runner.rawPaths')} />
      </CommandForm>
    </Modal>
  );
}
