import { Modal, Text, TextInput } from '@mantine/core';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { parallelRun as text } from '../text/parallel-run.js';
import { FOCUSED } from '../ui/focused.js';
import type { InProject } from '../util/path-builder.js';
import { formatShare, parseShare } from '../util/share.js';

const setShare = graphql(
  `
    mutation SetParallelRunShare($input: SetParallelRunShareInput!) {
      setParallelRunShare(input: $input) {
        node {
          share
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
  readonly settings: { readonly share: number; readonly version: number };
  readonly onClose: () => void;
}

/** Samples another share of the calls. */
export function ParallelRunShare({ at, run, settings, onClose }: Props) {
  const words = text.act.shareForm;
  const edited = useCommandForm({
    document: setShare,
    initialValues: { share: formatShare(settings.share) },
    version: settings.version,
    toVariables: ({ share }, expectedVersion) => ({
      // The button waits until it is a share.
      input: { ...at, run, expectedVersion, share: parseShare(share) ?? settings.share },
    }),
    onDone: onClose,
  });
  const isShare = parseShare(edited.form.getValues().share) !== undefined;
  return (
    <Modal opened onClose={onClose} title={words.title(at.environment)}>
      <CommandForm
        of={edited}
        submit={words.verb}
        may={isShare ? { isAllowed: true } : { isAllowed: false, reason: words.wrong }}
        onCancel={onClose}
      >
        <TextInput
          label={words.share}
          description={words.hint}
          {...FOCUSED}
          {...edited.form.getInputProps('share')}
          {...(!isShare && { error: words.wrong })}
        />
        <Text size="sm" c="dimmed">
          {text.facts.share}: {formatShare(settings.share)}
        </Text>
      </CommandForm>
    </Modal>
  );
}
