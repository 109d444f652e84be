import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { ReasonDialog } from '../components/ReasonDialog.js';
import { account as text } from '../text/access.js';
import { pb } from '../util/path-builder.js';

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
      // Anew, so that nothing of the one who leaves stays in memory.
      onDone={() => location.assign(pb.signIn())}
      onClose={onClose}
    >
      {text.everywhere.text}
    </ReasonDialog>
  );
}
