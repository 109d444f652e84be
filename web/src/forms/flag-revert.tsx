import { notifications } from '@mantine/notifications';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { ReasonDialog } from '../components/ReasonDialog.js';
import { useViewerAbilities } from '../components/use-viewer.js';
import { flag as text } from '../text/flag.js';
import { Sentence } from '../ui/Sentence.js';
import { may } from '../util/may.js';
import type { InProject } from '../util/path-builder.js';

const revertSettings = graphql(
  `
    mutation RevertFlagSettings($input: RevertFlagSettingsInput!) {
      revertFlagSettings(input: $input) {
        node {
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

interface Props {
  readonly at: InProject & { readonly environment: string };
  readonly flag: string;
  /** To which it goes back: its place in the audit log, and its version as it is told. */
  readonly revision: { readonly sequence: number; readonly version: string };
  /** Of the settings that were looked at. */
  readonly expectedVersion: number;
  /** What a release that ramps the flag here is doing: it ends, for the reason given. */
  readonly hold: { readonly sentence: string } | null;
  readonly onClose: () => void;
}

/** Puts a flag's settings in an environment back as they were after a change. */
export function FlagRevert({ at, flag, revision, expectedVersion: version, hold, onClose }: Props) {
  const { project, environment } = at;
  const words = text.revisions;
  return (
    <ReasonDialog
      title={words.revertTitle(revision.version, environment)}
      verb={words.revertVerb(environment)}
      may={may('flag.write', useViewerAbilities(at))}
      reason={hold === null ? 'none' : 'required'}
      document={revertSettings}
      version={version}
      toVariables={(reason, expectedVersion) => ({
        input: {
          ...{ project, environment, flag, expectedVersion },
          revision: revision.sequence,
          takeOver: reason === '' ? null : reason,
        },
      })}
      onDone={() => {
        notifications.show({ message: words.reverted });
        onClose();
      }}
      onClose={onClose}
    >
      {words.revertText} {hold !== null && <Sentence>{text.switch.endsRamp(hold.sentence)}</Sentence>}
    </ReasonDialog>
  );
}
