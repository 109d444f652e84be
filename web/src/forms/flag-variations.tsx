import { notifications } from '@mantine/notifications';
import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { client } from '../api/client.js';
import { graphql, type ResultOf } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { liveQuery, load, present } from '../api/live-query.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { useViewerAbilities } from '../components/use-viewer.js';
import { flag as text } from '../text/flag.js';
import { both, may } from '../util/may.js';
import type { InProject } from '../util/path-builder.js';
import { type VariationType, writeValue, type WrittenVariation } from '../util/variation-value.js';
import { FlagVariationFields, mayRead, toSent } from './flag-variation-fields.js';

/** The variations with their values, which may be large: no other query of a flag asks for them. */
export const flagVariationsQuery = liveQuery(
  graphql(`
    query FlagVariations($project: String!, $flag: String!) {
      project(key: $project) {
        flag(key: $flag) {
          key
          type
          version
          variations {
            key
            value
          }
        }
      }
    }
  `),
  ['flag'],
);

type Project = NonNullable<ResultOf<(typeof flagVariationsQuery)['document']>['project']>;
/** A flag with the values of its variations. */
export type FlagWithValues = NonNullable<Project['flag']>;

const editVariations = graphql(
  `
    mutation EditVariations($input: EditFlagInput!) {
      editFlag(input: $input) {
        node {
          key
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

interface Values {
  readonly variations: WrittenVariation[];
}

/** Edits the variations of a flag in their place. */
export function FlagVariations(props: {
  readonly at: InProject;
  readonly flag: FlagWithValues;
  readonly onClose: () => void;
}) {
  const { at, flag, onClose } = props;
  const { project } = at;
  const { key, type } = flag;
  const edited = useCommandForm({
    document: editVariations,
    initialValues: valuesOf(flag),
    version: flag.version,
    toVariables: ({ variations }: Values, version) => ({
      input: { project, flag: key, expectedVersion: version, document: { variations: toSent(type, variations) } },
    }),
    readTheirs: async () => {
      const read = await load(client, flagVariationsQuery, { project, flag: key }, 'network-only');
      const theirs = present(read.project?.flag);
      return { version: theirs.version, values: valuesOf(theirs) };
    },
    toShown: ({ variations }) => toSent(type, variations),
    onDone: () => {
      notifications.show({ message: text.variations.saved });
      onClose();
    },
  });
  const { form } = edited;
  const { variations } = form.getValues();
  const isRead = useMemo(() => mayRead(type, variations), [type, variations]);
  return (
    <CommandForm of={edited} may={both(may('flag.write', useViewerAbilities(at)), isRead)} onCancel={onClose}>
      <Text c="dimmed">{text.variations.everywhere}</Text>
      <FlagVariationFields
        type={type}
        variations={variations}
        errors={form.errors}
        onChange={(next) => form.setFieldValue('variations', next)}
      />
    </CommandForm>
  );
}

function valuesOf({ type, variations }: { readonly type: VariationType } & Pick<FlagWithValues, 'variations'>): Values {
  return { variations: variations.map(({ key, value }) => ({ key, value: writeValue(type, value) })) };
}
