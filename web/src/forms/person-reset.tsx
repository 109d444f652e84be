import { Modal, Text } from '@mantine/core';
import { useState } from 'react';
import { refreshTopics } from '../api/client.js';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { CommandForm } from '../components/CommandForm.js';
import { useCommandForm } from '../components/use-command-form.js';
import { people as text } from '../text/access.js';
import { type Invited, PersonSecret } from './person-secret.js';

const resetPassword = graphql(
  `
    mutation ResetPassword($input: PersonInput!) {
      resetPassword(input: $input) {
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

/** Ends somebody's sessions and makes a link by which they choose a new password. */
export function PersonReset(props: {
  readonly person: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
}) {
  const { person, onClose } = props;
  const [made, setMade] = useState<Invited>();
  const reset = useCommandForm({
    document: resetPassword,
    initialValues: {},
    toVariables: () => ({ input: { id: person.id } }),
    onDone: (node) => {
      refreshTopics(new Set(['person']));
      setMade(node);
    },
  });
  if (made !== undefined) {
    return <PersonSecret title={text.reset.secretTitle(person.name)} invited={made} onClose={onClose} />;
  }
  return (
    <Modal opened onClose={onClose} title={text.reset.title(person.name)}>
      <CommandForm of={reset} submit={text.reset.verb} color="red" onCancel={onClose}>
        <Text>{text.reset.text}</Text>
      </CommandForm>
    </Modal>
  );
}
