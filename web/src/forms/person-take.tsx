import { refreshTopics } from '../api/client.js';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { ReasonDialog } from '../components/ReasonDialog.js';
import { people as text } from '../text/access.js';

const takeRole = graphql(
  `
    mutation TakeRole($input: TakeRoleInput!) {
      takeRole(input: $input) {
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

/** Takes a role away. */
export function PersonTake(props: {
  readonly person: { readonly id: string; readonly name: string };
  readonly role: { readonly id: string; readonly words: string };
  readonly onClose: () => void;
}) {
  const { person, role, onClose } = props;
  return (
    <ReasonDialog
      title={text.take.title(person.name, role.words)}
      verb={text.take.verb}
      isDangerous
      reason="none"
      document={takeRole}
      toVariables={() => ({ input: { person: person.id, role: role.id } })}
      onDone={() => {
        refreshTopics(new Set(['person']));
        onClose();
      }}
      onClose={onClose}
    >
      {text.take.text}
    </ReasonDialog>
  );
}
