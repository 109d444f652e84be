import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { leave } from '../components/leave.js';
import { ReasonDialog } from '../components/ReasonDialog.js';
import { account as text } from '../text/access.js';

const signOutEverywhere = graphql(
  `
    mutation SignOutEverywhere {
      signOutEverywhere {
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

/** Ends every session of the viewer's, this one too. */
export function AccountLeave({ onClose }: { readonly onClose: () => void }) {
  return (
    <ReasonDialog
      title={text.everywhere.ask}
      verb={text.everywhere.verb}
      isDangerous
      reason="none"
      document={signOutEverywhere}
      toVariables={() => ({})}
      onDone={() => leave()}
      onClose={onClose}
    >
      {text.everywhere.text}
    </ReasonDialog>
  );
}
