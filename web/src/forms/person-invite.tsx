import { Modal, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { refreshTopics } from '../api/client.js';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { access, people as text } from '../text/access.js';
import { FOCUSED } from '../ui/focused.js';
import { type Invited, PersonSecret } from './person-secret.js';
import { PlaceFields, toPlace } from './place-fields.js';

const invitePerson = graphql(
  `
    mutation InvitePerson($input: InvitePersonInput!) {
      invitePerson(input: $input) {
        node {
          person {
            id
            name
            email
          }
          secret
          secretExpiresAt
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields],
);

const ROLES = ['viewer', 'editor', 'approver', 'admin'] as const;
export const ROLE_CHOICES = ROLES.map((value) => ({ value, label: access.roles[value] }));

/** A role by its word; the least where it is none. */
export function toRole(word: string): (typeof ROLES)[number] {
  return ROLES.find((role) => role === word) ?? 'viewer';
}

/** Makes a person with a first role; their link is shown once. `project` is the place proposed. */
export function PersonInvite({ project, onClose }: { readonly project: string; readonly onClose: () => void }) {
  const [made, setMade] = useState<Invited>();
  const invited = useCommandForm({
    document: invitePerson,
    initialValues: { email: '', name: '', role: 'viewer', project, environment: '' },
    toVariables: ({ email, name, role, ...place }) => ({
      input: { email: email.trim(), name: name.trim(), role: toRole(role), ...toPlace(place) },
    }),
    onDone: (node) => {
      refreshTopics(new Set(['person']));
      setMade(node);
    },
  });
  const { form } = invited;
  if (made !== undefined) {
    return <PersonSecret title={text.invite.secretTitle(made.person.name)} invited={made} onClose={onClose} />;
  }
  return (
    <Modal opened onClose={onClose} title={text.invite.title}>
      <CommandForm of={invited} submit={text.invite.submit} onCancel={onClose}>
        <TextInput
          label={access.fields.email}
          type="email"
          autoComplete="off"
          required
          {...FOCUSED}
          {...form.getInputProps('email')}
        />
        <TextInput label={access.fields.name} autoComplete="off" required {...form.getInputProps('name')} />
        <NativeSelect label={access.fields.role} data={ROLE_CHOICES} {...form.getInputProps('role')} />
        <PlaceFields place={form.getValues()} onChange={(place) => form.setValues(place)} errors={form.errors} />
      </CommandForm>
    </Modal>
  );
}
