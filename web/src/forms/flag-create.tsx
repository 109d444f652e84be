import { NativeSelect, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMemo } from 'react';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { useViewerAbilities } from '../components/use-viewer.js';
import { flag as text } from '../text/flag.js';
import { FOCUSED } from '../ui/focused.js';
import { both, may } from '../util/may.js';
import type { InProject } from '../util/path-builder.js';
import { firstVariations, type VariationType, type WrittenVariation } from '../util/variation-value.js';
import { FlagDetailFields, type FlagDetails, toDetails } from './flag-detail-fields.js';
import { FlagVariationFields, mayRead, toSent } from './flag-variation-fields.js';

const TYPES = ['boolean', 'string', 'number', 'json'] as const;
const words = text.create;

const createFlag = graphql(
  `
    mutation CreateFlag($input: CreateFlagInput!) {
      createFlag(input: $input) {
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

interface Values extends FlagDetails {
  readonly key: string;
  readonly type: VariationType;
  readonly variations: WrittenVariation[];
}

interface Props {
  readonly at: InProject;
  readonly knownTags: readonly string[];
  /** Given the key of the flag. */
  readonly onDone: (key: string) => void;
  readonly onCancel: () => void;
}

/** Makes a flag, switched off everywhere. */
export function FlagCreate({ at, knownTags, onDone, onCancel }: Props) {
  const initialValues: Values = {
    ...{ key: '', name: '', description: '', type: 'boolean', purpose: 'release', owner: '', dueAt: '', tags: [] },
    variations: [...firstVariations('boolean')],
  };
  const created = useCommandForm({
    document: createFlag,
    initialValues,
    toVariables: ({ key, type, variations, ...details }: Values) => {
      const { name, ...rest } = toDetails(details);
      return {
        input: {
          project: at.project,
          document: {
            ...rest,
            ...{ key: key.trim(), type, variations: toSent(type, variations) },
            ...(name !== '' && { name }),
          },
        },
      };
    },
    onDone: ({ key }) => onDone(key),
  });
  const { form } = created;
  const { type, variations } = form.getValues();
  const isRead = useMemo(() => mayRead(type, variations), [type, variations]);
  const changeType = (value: string): void => {
    const next = TYPES.find((each) => each === value) ?? 'boolean';
    form.setFieldValue('type', next);
    form.setFieldValue('variations', [...firstVariations(next)]);
  };
  return (
    <CommandForm
      of={created}
      submit={words.submit}
      may={both(may('flag.write', useViewerAbilities({ project: at.project })), isRead)}
      onCancel={onCancel}
    >
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Stack gap="sm">
          <TextInput
            label={words.key}
            description={words.keyHint}
            required
            autoComplete="off"
            spellCheck={false}
            {...FOCUSED}
            {...form.getInputProps('key')}
          />
          <FlagDetailFields inputOf={(field) => form.getInputProps(field)} knownTags={knownTags} isNew />
        </Stack>
        <Stack gap="sm">
          <NativeSelect
            label={words.type}
            data={TYPES.map((value) => ({ value, label: text.types[value] }))}
            value={type}
            onChange={({ currentTarget }) => changeType(currentTarget.value)}
          />
          <Title order={2} size="h4">
            {words.variations}
          </Title>
          <FlagVariationFields
            type={type}
            variations={variations}
            errors={form.errors}
            onChange={(next) => form.setFieldValue('variations', next)}
          />
          <Text c="dimmed">{words.off}</Text>
        </Stack>
      </SimpleGrid>
    </CommandForm>
  );
}
