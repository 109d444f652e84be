import { Group, NativeSelect } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { refreshTopics } from '../api/client.js';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { useViewerAbilities } from '../components/use-viewer.js';
import { access, people as text } from '../text/access.js';
import { may } from '../util/may.js';
import { ROLE_CHOICES, toRole } from './person-invite.js';
import { PlaceFields, toPlace } from './place-fields.js';

const grantRole = graphql(
  `
    mutation GrantRole($input: GrantRoleInput!) {
      grantRole(input: $input) {
        node {
          id
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields],
);

/** Gives somebody a role in a place. */
export function PersonGrant({ person, project }: { readonly person: string; readonly project: string }) {
  const granted = useCommandForm({
    document: grantRole,
    initialValues: { role: 'viewer', project, environment: '' },
    toVariables: ({ role, ...place }) => ({ input: { person, role: toRole(role), ...toPlace(place) } }),
    onDone: () => {
      refreshTopics(new Set(['person']));
      notifications.show({ message: text.grant.done });
    },
  });
  const { form } = granted;
  const place = form.getValues();
  const mayGrant = may('person.write', useViewerAbilities(place.project === '' ? undefined : place));
  return (
    <CommandForm of={granted} submit={text.grant.submit} may={mayGrant}>
      <Group gap="sm" align="flex-start">
        <NativeSelect label={access.fields.role} data={ROLE_CHOICES} {...form.getInputProps('role')} />
        <PlaceFields place={place} onChange={(next) => form.setValues(next)} errors={form.errors} />
      </Group>
    </CommandForm>
  );
}
