import { notifications } from '@mantine/notifications';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { ReasonDialog } from '../components/ReasonDialog.js';
import { useViewerAbilities } from '../components/use-viewer.js';
import { flag as text } from '../text/flag.js';
import { may } from '../util/may.js';
import type { InProject } from '../util/path-builder.js';

const deleteFlag = graphql(
  `
    mutation DeleteFlag($input: DeleteFlagInput!) {
      deleteFlag(input: $input) {
        node {
          key
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields],
);

/** Removes a flag in every environment, once its key was typed. */
export function FlagDelete(props: {
  readonly at: InProject;
  readonly flag: { readonly key: string; readonly version: number };
  /** Environments in which services asked for it lately. */
  readonly askedIn: readonly string[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const { at, flag, askedIn, onDone, onClose } = props;
  const words = text.settings.remove;
  return (
    <ReasonDialog
      title={words.dialog(flag.key)}
      verb={words.verb}
      isDangerous
      confirmName={flag.key}
      reason="none"
      may={may('flag.write', useViewerAbilities({ project: at.project }))}
      document={deleteFlag}
      version={flag.version}
      toVariables={(_reason, expectedVersion) => ({ input: { project: at.project, flag: flag.key, expectedVersion } })}
      onDone={() => {
        notifications.show({ message: words.done(flag.key) });
        onDone();
      }}
      onClose={onClose}
    >
      {words.text}
      {askedIn.length > 0 && ` ${words.stillAsked(askedIn.join(', '))}`}
    </ReasonDialog>
  );
}
