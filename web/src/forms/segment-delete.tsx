import { notifications } from '@mantine/notifications';
import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';
import { ReasonDialog } from '../components/ReasonDialog.js';
import { segments } from '../text/segments.js';
import type { May } from '../util/may.js';

const deleteSegment = graphql(
  `
    mutation DeleteSegment($input: DeleteSegmentInput!) {
      deleteSegment(input: $input) {
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

interface Props {
  readonly project: string;
  readonly segment: string;
  readonly version: number;
  readonly may: May;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const text = segments.remove;

/** Deletes a segment that nothing names. */
export function SegmentDelete({ project, segment, version, may, onDone, onClose }: Props) {
  return (
    <ReasonDialog
      title={text.title(segment)}
      verb={text.verb}
      isDangerous
      reason="none"
      may={may}
      document={deleteSegment}
      version={version}
      toVariables={(_reason, expectedVersion) => ({ input: { project, segment, expectedVersion } })}
      onDone={() => {
        notifications.show({ message: text.done(segment) });
        onDone();
      }}
      onClose={onClose}
    >
      {text.text}
    </ReasonDialog>
  );
}
