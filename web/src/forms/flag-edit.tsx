import { Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { client } from '../api/client.js';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { liveQuery, load, present } from '../api/live-query.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { useViewerAbilities } from '../components/use-viewer.js';
import { flag as text } from '../text/flag.js';
import { may } from '../util/may.js';
import type { InProject } from '../util/path-builder.js';
import { FlagDetailFields, type FlagDetails, toDetails } from './flag-detail-fields.js';

const detailsQuery = liveQuery(
  graphql(`
    query FlagDetails($project: String!, $flag: String!) {
      project(key: $project) {
        flag(key: $flag) {
          name
          description
          purpose
          owner
          dueAt
          tags
          version
        }
      }
    }
  `),
  ['flag'],
);

const editFlag = graphql(
  `
    mutation EditFlag($input: EditFlagInput!) {
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

/** What people know of a flag as it is stored now. */
export async function readDetails(project: string, flag: string): Promise<Omit<EditedFlag, 'key'>> {
  const read = await load(client, detailsQuery, { project, flag }, 'network-only');
  return present(read.project?.flag);
}

/** What is edited of a flag. */
export interface EditedFlag extends Omit<FlagDetails, 'owner' | 'dueAt' | 'tags'> {
  readonly key: string;
  readonly owner: string | null;
  readonly dueAt: string | null;
  readonly tags: readonly string[];
  readonly version: number;
}

interface Props {
  readonly at: InProject;
  readonly flag: EditedFlag;
  readonly knownTags: readonly string[];
  readonly onClose: () => void;
}

/** Edits what people know of a flag. Its key and type never change. */
export function FlagEdit({ at, flag, knownTags, onClose }: Props) {
  const { project } = at;
  const edited = useCommandForm({
    document: editFlag,
    initialValues: valuesOf(flag),
    version: flag.version,
    toVariables: (values: FlagDetails, version) => {
      const { dueAt, ...details } = toDetails(values);
      // A date that was not touched keeps its time of the day.
      const due = values.dueAt === dayOf(flag.dueAt) ? {} : { dueAt };
      return { input: { project, flag: flag.key, expectedVersion: version, document: { ...details, ...due } } };
    },
    readTheirs: async () => {
      const theirs = await readDetails(project, flag.key);
      return { version: theirs.version, values: valuesOf(theirs) };
    },
    onDone: () => {
      notifications.show({ message: text.settings.saved });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={text.settings.edit} size="lg">
      <CommandForm of={edited} may={may('flag.write', useViewerAbilities(at))} onCancel={onClose}>
        <FlagDetailFields inputOf={(field) => edited.form.getInputProps(field)} knownTags={knownTags} isNew={false} />
      </CommandForm>
    </Modal>
  );
}

function valuesOf(flag: Omit<EditedFlag, 'key'>): FlagDetails {
  const { name, description, purpose, owner, dueAt, tags } = flag;
  return { ...{ name, description, purpose }, owner: owner ?? '', dueAt: dayOf(dueAt), tags: [...tags] };
}

/** The day of a moment for a field of dates; none where there is none. */
export function dayOf(moment: string | null): string {
  return moment?.slice(0, 10) ?? '';
}
