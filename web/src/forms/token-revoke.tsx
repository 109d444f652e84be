import { notifications } from '@mantine/notifications';
import { refreshTopics } from '../api/client.js';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { ReasonDialog } from '../components/ReasonDialog.js';
import { tokens as text } from '../text/access.js';

const revokeToken = graphql(
  `
    mutation RevokeToken($input: RevokeTokenInput!) {
      revokeToken(input: $input) {
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

/** Ends a token for good. */
export function TokenRevoke(props: {
  readonly token: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
}) {
  const { token, onClose } = props;
  return (
    <ReasonDialog
      title={text.revoke.title(token.name)}
      verb={text.revoke.verb}
      isDangerous
      document={revokeToken}
      toVariables={(reason) => ({ input: { id: token.id, reason } })}
      onDone={() => {
        refreshTopics(new Set(['token']));
        notifications.show({ message: text.revoke.done(token.name) });
        onClose();
      }}
      onClose={onClose}
    >
      {text.revoke.text}
    </ReasonDialog>
  );
}
