import { Alert, Checkbox, Group, NativeSelect } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { refreshTopics } from '../api/client.js';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { useViewerAbilities } from '../components/use-viewer.js';
import { access, people as text } from '../text/access.js';
import { both, may } from '../util/may.js';
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

interface Props {
  readonly person: { readonly id: string; readonly caution: string | null };
  /** The place proposed. */
  readonly project: string;
}

/** Gives somebody a role in a place. Whoever may not be alone in their account is given it knowingly. */
export function PersonGrant({ person, project }: Props) {
  const { id, caution } = person;
  const granted = useCommandForm({
    document: grantRole,
    initialValues: { role: 'viewer', isKnown: false, project, environment: '' },
    toVariables: ({ role, isKnown: _isKnown, ...place }) => ({
      input: { person: id, role: toRole(role), ...toPlace(place) },
    }),
    onDone: () => {
      refreshTopics(new Set(['person']));
      notifications.show({ message: text.grant.done });
    },
  });
  const { form } = granted;
  const { isKnown, ...place } = form.getValues();
  const mayGrant = may('person.write', useViewerAbilities(place.project === '' ? undefined : place));
  const isHeard = caution === null || isKnown;
  const heard = isHeard ? { isAllowed: true as const } : { isAllowed: false as const, reason: text.grant.hearFirst };
  return (
    <CommandForm of={granted} submit={text.grant.submit} may={both(mayGrant, heard)}>
      <Group gap="sm" align="flex-start">
        <NativeSelect label={access.fields.role} data={ROLE_CHOICES} {...form.getInputProps('role')} />
        <PlaceFields place={place} onChange={(next) => form.setValues(next)} errors={form.errors} />
      </Group>
      {caution !== null && (
        <Alert color="yellow" title={text.grant.caution}>
          {caution}
          <Checkbox mt="xs" label={text.grant.allTheSame} {...form.getInputProps('isKnown', { type: 'checkbox' })} />
        </Alert>
      )}
    </CommandForm>
  );
}
